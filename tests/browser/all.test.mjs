// Everything that is checked of the pages, in one process: one build, one browser.

import "./proof.mjs";
import "./pages.mjs";
import "./behaviour.mjs";
import "./budget.mjs";
import "./looks.mjs";
import "./vnu.mjs";
import "./search.mjs";
import "./register.mjs";
import "./languages.mjs";
