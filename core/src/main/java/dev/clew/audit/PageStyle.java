package dev.clew.audit;

/** How the page of an audit looks: light, dark, and on paper. */
final class PageStyle {
    /** Errors go from the paper's color to its opposite along cividis, which reads alike with and without red and green. */
    static final String CSS = """

            :root {
              color-scheme: light dark;
              --paper: #fbfbf9; --card: #ffffff; --ink: #1c2024; --faint: #5b636c; --line: #d9dce0;
              --wrong: #b3410b; --wrong-soft: #fde8dc; --right: #0b5fa5; --right-soft: #e0eefa; --mark: #e8590c;
              --hatch: #ffffff;
              --e0: #fdf3b4; --e1: #f6e27c; --e2: #e4cf5b; --e3: #c4b56c; --e4: #a69d75;
              --e5: #8a8779; --e6: #707173; --e7: #575d6d; --e8: #2f4a74; --e9: #00204d;
            }
            @media (prefers-color-scheme: dark) {
              :root {
                --paper: #14171a; --card: #1c2024; --ink: #e8eaed; --faint: #a3abb4; --line: #363c43;
                --wrong: #ff9d66; --wrong-soft: #47230f; --right: #7cc0ff; --right-soft: #10304d; --mark: #e8590c;
                --hatch: #14171a;
                --e0: #0f2a52; --e1: #1d3a68; --e2: #39486b; --e3: #575d6d; --e4: #707173;
                --e5: #8a8779; --e6: #a69d75; --e7: #c4b56c; --e8: #e4cf5b; --e9: #ffea46;
              }
            }
            * { box-sizing: border-box; }
            body {
              margin: 0 auto; max-width: 62rem; padding: 2rem 1.25rem 3rem; background: var(--paper); color: var(--ink);
              font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
            }
            h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .6rem; overflow-wrap: anywhere; }
            h2 { font-size: 1.15rem; margin: 2.2rem 0 .8rem; }
            h3 { font-size: 1.05rem; margin: 0; overflow-wrap: anywhere; }
            code, .formula, .quantity, td.name { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
            .outcome { display: flex; gap: .7rem; align-items: baseline; flex-wrap: wrap; margin: 0; font-size: 1.05rem; }
            .badge { border-radius: 1rem; padding: .1rem .75rem; font-weight: 650; white-space: nowrap; }
            .badge.wrong { background: var(--wrong-soft); color: var(--wrong); }
            .badge.right { background: var(--right-soft); color: var(--right); }
            .card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1.1rem 1.25rem; margin: 0 0 1rem; }
            .card.mistake { border-left: .3rem solid var(--mark); }
            .card header { display: flex; gap: .6rem; align-items: baseline; flex-wrap: wrap; }
            .card p { margin: .5rem 0 0; overflow-wrap: anywhere; }
            .number { color: var(--mark); font-weight: 700; }
            .chip { border: 1px solid var(--line); border-radius: .4rem; padding: 0 .45rem; font-size: .88rem; color: var(--faint); }
            .formulas { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .45rem .9rem; margin: .9rem 0; align-items: baseline; }
            .formulas dt { color: var(--faint); }
            .formulas dd { margin: 0; }
            .formula { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .98rem; }
            del, ins { text-decoration: none; border-radius: .2rem; padding: .05rem .12rem; color: inherit; }
            del { background: var(--wrong-soft); border-bottom: 2px dashed var(--wrong); }
            ins { background: var(--right-soft); border-bottom: 2px solid var(--right); }
            .faint { color: var(--faint); }
            .scroll { overflow-x: auto; }
            table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
            th, td { text-align: left; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: middle; }
            th { color: var(--faint); font-weight: 550; font-size: .9rem; }
            td.figure { white-space: nowrap; }
            td.name { font-weight: 600; overflow-wrap: anywhere; }
            .verdict { font-weight: 600; white-space: nowrap; }
            .verdict.wrong { color: var(--wrong); }
            .verdict.right { color: var(--right); }
            a { color: inherit; }
            svg { vertical-align: middle; }
            svg text { fill: var(--ink); font-size: 13px; }
            svg text.tick { fill: var(--faint); font-size: 12px; }
            .cell { stroke: var(--line); stroke-width: .5; }
            .track { fill: var(--line); }
            .bar { stroke: none; }
            .bar.wrong { fill: var(--mark); }
            .bar.right { fill: var(--right); }
            .hatch { fill: var(--hatch); opacity: .8; }
            .carried { fill: url(#carried); }
            .own { fill: var(--mark); stroke: var(--hatch); stroke-width: 1.5; }
            .first { fill: none; stroke: var(--mark); stroke-width: 3; }
            .legend { list-style: none; display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; padding: 0; margin: .6rem 0; font-size: .88rem; color: var(--faint); }
            footer { margin-top: 2.5rem; padding-top: .8rem; border-top: 1px solid var(--line); color: var(--faint); font-size: .9rem; }
            @media print {
              body { max-width: none; padding: 0; background: none; font-size: 11pt; }
              .card, tr, svg { break-inside: avoid; }
              h2 { break-after: avoid; }
              .scroll { overflow: visible; }
              svg { max-width: 100%; height: auto; }
              * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
            }
            """ + colors();

    private PageStyle() {}

    private static String colors() {
        StringBuilder rules = new StringBuilder();
        for (int i = 0; i < ErrorScale.COLORS; i++) {
            rules.append(".e").append(i).append(" { fill: var(--e").append(i).append("); }\n");
        }
        return rules.toString();
    }
}
