// An old path leads on by itself, but to the top of the page: the place on it that was asked for is added here.
(() => {
  const to = document.querySelector('meta[http-equiv="refresh"]')?.content.match(/url=(.+)$/)?.[1];
  if (to && location.hash) location.replace(to + location.hash);
})();
