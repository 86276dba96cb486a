// A static server for one folder on loopback, at the root or below a path, as a plain web host would serve it: texts packed.

import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".woff2": "font/woff2",
  ".xml": "application/xml",
};

async function find(folder, path) {
  const file = join(folder, normalize(`/${path}`));
  const found = await stat(file).catch(() => null);
  return found?.isDirectory() ? find(folder, `${path}/index.html`) : found && file;
}

// Serves `folder` below `path`; answers with the address of its root and a way to stop.
export async function serve(folder, path = "/") {
  const server = createServer(async (request, response) => {
    const asked = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const inside = asked.startsWith(path) ? asked.slice(path.length) : null;
    let file = inside === null ? null : await find(folder, inside);
    const status = file ? 200 : 404;
    file ??= await find(folder, "404.html");
    const type = TYPES[extname(file ?? "")] ?? "application/octet-stream";
    const whole = file ? await readFile(file) : Buffer.alloc(0);
    const packs = /text|json|xml|svg/.test(type) && /\bgzip\b/.test(request.headers["accept-encoding"] ?? "");
    const packed = packs ? { "content-encoding": "gzip" } : {};
    response.writeHead(status, { "content-type": type, ...packed });
    response.end(packs ? gzipSync(whole) : whole);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const base = `http://127.0.0.1:${server.address().port}${path}`;
  return { base, close: () => server.close() };
}
