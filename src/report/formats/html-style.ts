/**
 * The style sheet of HTML reports, for screen and print. Colours have a contrast of at least 4.5 : 1 in both
 * schemes, and nothing is shown by colour alone.
 */
export const HTML_STYLE = `
:root { color-scheme: light dark; --ink: #1b1b1f; --quiet: #55555f; --paper: #fff; --line: #d3d3da; --soft: #f4f4f7; --base: #6b7280; --own: #1d4ed8; --alarm: #a11212; --warn: #7a4b00; --good: #14632f; --alarm-soft: #fdf0f0; --good-soft: #eef8f1; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8ee; --quiet: #b3b3bf; --paper: #16161a; --line: #45454f; --soft: #222228; --base: #9aa2b1; --own: #8ab4ff; --alarm: #ff9c9c; --warn: #f2c06b; --good: #86d9a1; --alarm-soft: #2b1a1c; --good-soft: #17271d; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 64rem; padding: 1.5rem; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 0.75rem; overflow-wrap: anywhere; }
h1 small { display: block; font-size: 0.95rem; font-weight: 400; color: var(--quiet); }
h2 { font-size: 1.3rem; border-bottom: 1px solid var(--line); padding-bottom: 0.2rem; margin: 2.5rem 0 0.75rem; }
h3 { font-size: 1.05rem; margin: 1rem 0 0.5rem; }
h4 { font-size: 1rem; margin: 1rem 0 0.25rem; }
a { color: inherit; }
code, pre { font-family: ui-monospace, monospace; font-size: 0.875em; overflow-wrap: anywhere; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 4px; padding: 0.5rem 0.75rem; margin: 0.4rem 0; white-space: pre-wrap; }
.verdict { border: 1px solid var(--line); border-left: 6px solid var(--alarm); background: var(--alarm-soft); border-radius: 4px; padding: 0.5rem 1rem; }
.incomplete { color: var(--alarm); border: 2px solid; border-radius: 4px; padding: 0 1rem; }
.revealed { color: var(--alarm); border: 2px solid; border-radius: 4px; padding: 0.5rem 1rem; }
.verdict.clean { border-left-color: var(--good); background: var(--good-soft); }
.verdict p { margin: 0.35rem 0; } .verdict p:first-child { font-weight: 700; font-size: 1.1rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.925rem; }
th, td { border-bottom: 1px solid var(--line); padding: 0.3rem 0.6rem 0.3rem 0; text-align: left; vertical-align: top; overflow-wrap: break-word; }
th { color: var(--quiet); font-weight: 600; white-space: nowrap; }
td.number, th.number { text-align: right; white-space: nowrap; }
td.short { white-space: nowrap; }
td.what { min-width: 10rem; } td.path { min-width: 12rem; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
.severity { display: inline-block; border: 1px solid currentcolor; border-radius: 4px; padding: 0 0.4rem; font-size: 0.8rem; font-weight: 700; white-space: nowrap; }
.critical, .high { color: var(--alarm); } .medium { color: var(--warn); } .low, .info { color: var(--quiet); } .critical { border-width: 2px; }
article { border: 1px solid var(--line); border-radius: 4px; padding: 0.25rem 1rem 0.75rem; margin: 1rem 0; }
dl { display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: 0.2rem 1rem; margin: 0.5rem 0; }
dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; } dd p { margin: 0; }
ol.steps { padding-left: 1.4rem; margin: 0.25rem 0; } ol.steps > li { margin: 0.4rem 0; break-inside: avoid; }
.cites, footer, figcaption { color: var(--quiet); font-size: 0.875rem; }
figure { margin: 0; } svg { width: 100%; height: auto; font: 12px ui-monospace, monospace; }
svg text { fill: var(--ink); } svg .sign { font-weight: 700; fill: var(--alarm); }
rect.base, rect.unknown { fill: var(--base); } rect.application { fill: var(--own); }
.key { display: inline-block; width: 0.9em; height: 0.9em; vertical-align: -0.1em; margin-left: 0.75em; } .key.base { background: var(--base); } .key.application { background: var(--own); }
ins, del { text-decoration: none; } ins { color: var(--good); } del { color: var(--alarm); }
@media (max-width: 40rem) { body { padding: 1rem; } dl { grid-template-columns: 1fr; gap: 0; } dt { margin-top: 0.4rem; } article { padding: 0.25rem 0.75rem 0.5rem; } svg { min-width: 44rem; } }
@media print {
  :root { color-scheme: light; --ink: #000; --quiet: #444; --paper: #fff; --line: #bbb; --soft: #f4f4f7; --base: #6b7280; --own: #1d4ed8; --alarm: #8d0f0f; --warn: #6b4200; --good: #10502a; --alarm-soft: #fff; --good-soft: #fff; }
  @page { margin: 16mm; }
  body { max-width: none; padding: 0; font-size: 10.5pt; } .wide { overflow: visible; } a { text-decoration: none; }
  h2, h3, h4 { break-after: avoid; } tr, pre { break-inside: avoid; } thead { display: table-header-group; } rect { print-color-adjust: exact; }
}
`;
