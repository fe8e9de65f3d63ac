/** The one style sheet of the decision page: system fonts, no requests, light and dark, 320 px and print. */
export const decisionPageStyle = `
:root { color-scheme: light dark; --ink: #1a1d21; --dim: #5b6470; --line: #d9dee5; --page: #ffffff; --soft: #f5f7f9; --good: #0b6b3a; --bad: #b3261e; --wait: #7a5200; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --dim: #9aa4b1; --line: #2c333c; --page: #0f1216; --soft: #171b21; --good: #58c98b; --bad: #ff8a80; --wait: #e5b454; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem; letter-spacing: -.01em; }
h2 { font-size: 1rem; margin: 2rem 0 .5rem; }
p { margin: .25rem 0; }
.dim, dt { color: var(--dim); }
.go { color: var(--good); } .no-go { color: var(--bad); } .go-with-conditions { color: var(--wait); }
code, .hash { font: 13px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 1rem 0; }
dd { margin: 0; overflow-wrap: anywhere; }
ol.way { padding-left: 1.5rem; margin: .5rem 0; } ol.way li { padding: .2rem 0; }
ul.tree, ul.tree ul { list-style: none; margin: 0; padding: 0; }
ul.tree ul { padding-left: 1.25rem; border-left: 1px solid var(--line); margin-left: .4rem; }
.row { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr) auto; gap: .75rem; padding: .3rem 0; align-items: baseline; }
.row + .why { padding: 0 0 .3rem 7.25rem; color: var(--dim); overflow-wrap: anywhere; }
.state { font-weight: 600; } .met { color: var(--good); } .failed { color: var(--bad); } .other { color: var(--wait); }
details > summary { cursor: pointer; list-style: none; border-radius: 4px; } details > summary::-webkit-details-marker { display: none; }
details > summary .age::after { content: " \\25B8"; } details[open] > summary .age::after { content: " \\25BE"; }
details > summary:hover { background: var(--soft); } summary:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
.evidence { margin: 0 0 .5rem 7.25rem; padding: .5rem .75rem; background: var(--soft); border-radius: 6px; }
@media (max-width: 40rem) { .row { grid-template-columns: 5.5rem minmax(0, 1fr); } .row > .age { grid-column: 2; } .row + .why, .evidence { padding-left: 0; margin-left: 0; } dl { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; } }
@media print { details { break-inside: avoid; } }
`.trim();
