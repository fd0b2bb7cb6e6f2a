/// The look of the report: plain, light or dark as the reader's system is, fit for a phone and for paper.
enum ReportStyle {
    static let css = """
        :root { --paper:#fbfbfa; --card:#fff; --ink:#1d2327; --soft:#636c74; --line:#dfe3e6; --grid:#eceff1; --accent:#0b6e6e;
          --tint:#d8ecea; --pale:#b9c4cb; --amber:#8a5200; --amber-tint:#fff3dc; --red:#a3231c; --red-tint:#fde7e5; }
        @media (prefers-color-scheme: dark) { :root { --paper:#14181b; --card:#1c2226; --ink:#e7eaec; --soft:#9aa5ad; --line:#333c42;
          --grid:#283036; --accent:#5cc4bd; --tint:#17403f; --pale:#62707a; --amber:#f2bd6b; --amber-tint:#3a2d14; --red:#ff9d94;
          --red-tint:#46201d; } }
        * { box-sizing:border-box; }
        body { margin:0 auto; padding:0 20px 48px; max-width:1120px; background:var(--paper); color:var(--ink); font:15px/1.5
          system-ui, -apple-system, "Segoe UI", "Hiragino Sans", "Noto Sans CJK JP", "Noto Sans JP", "Yu Gothic UI", Meiryo,
          sans-serif; }
        h1 { margin:2px 0 6px; font-size:30px; line-height:1.2; overflow-wrap:anywhere; }
        h2 { margin:44px 0 6px; font-size:20px; }
        h3 { margin:14px 0 6px; font-size:16px; }
        p { margin:6px 0; }
        header { padding-top:26px; }
        footer { margin-top:48px; color:var(--soft); font-size:13px; }
        .brand { color:var(--accent); font-weight:600; font-size:13px; letter-spacing:.02em; }
        .goal { font-size:16px; }
        .soft, .note, .unit, .id { color:var(--soft); }
        .note { margin-bottom:12px; font-size:14px; }
        .unit { font-weight:400; font-size:.86em; }
        sub { font-size:.72em; line-height:0; }
        .tiles { display:grid; grid-template-columns:repeat(4,1fr); gap:12px; margin:18px 0 8px; }
        .tile { padding:12px 16px; border:1px solid var(--line); border-radius:10px; background:var(--card); }
        .tile b { display:block; font-size:25px; line-height:1.25; font-variant-numeric:tabular-nums; }
        .tile span { color:var(--soft); font-size:13px; }
        .tile.accent b { color:var(--accent); }
        .tile.warn b { color:var(--amber); }
        .warning { padding:8px 12px; border-left:3px solid var(--amber); background:var(--amber-tint); border-radius:4px; }
        .banner { position:sticky; top:0; z-index:2; margin:0 -20px; padding:9px 20px; font-weight:700; text-align:center; }
        .banner.closed { background:var(--red-tint); color:var(--red); border-bottom:2px solid var(--red); }
        .banner.shared { background:var(--amber-tint); color:var(--amber); border-bottom:2px solid var(--amber); }
        .step { display:grid; grid-template-columns:minmax(150px,26%) 1fr 84px 150px; gap:12px; align-items:center; padding:4px 0; }
        .step .name { overflow-wrap:anywhere; }
        .track { height:20px; background:var(--grid); border-radius:4px; overflow:hidden; }
        .bar { display:block; height:100%; min-width:2px; background:var(--accent); }
        .left, .lost { text-align:right; font-variant-numeric:tabular-nums; }
        .left { font-weight:600; }
        .lost { color:var(--soft); font-size:13px; }
        .step.emptied .name, .step.emptied .left { color:var(--red); }
        .step.emptied .bar { background:var(--red); }
        .cards { display:grid; grid-template-columns:repeat(auto-fill,minmax(400px,1fr)); gap:12px; }
        .card, .model, figure, .figure { border:1px solid var(--line); border-radius:10px; background:var(--card); }
        .card { position:relative; padding:12px 16px 12px 56px; }
        .card .rank { position:absolute; left:14px; top:14px; width:29px; height:29px; border-radius:50%; background:var(--tint);
          color:var(--accent); font-weight:700; text-align:center; line-height:29px; }
        .card h3 { margin:0; font-size:19px; overflow-wrap:anywhere; }
        .card .id { margin:0 0 6px; font-size:13px; overflow-wrap:anywhere; }
        dl { display:grid; grid-template-columns:auto 1fr; gap:2px 14px; margin:0; align-content:start; }
        dt { color:var(--soft); }
        dt.aim { color:var(--ink); font-weight:600; }
        dd { margin:0; overflow-wrap:anywhere; font-variant-numeric:tabular-nums; }
        .card dl { grid-template-columns:1fr auto; }
        .card dt { overflow-wrap:anywhere; }
        .card dd { text-align:right; white-space:nowrap; }
        dt .unit { margin-left:4px; }
        .known { display:inline-block; padding:0 7px; border-radius:9px; background:var(--amber-tint); color:var(--amber);
          font-size:12px; font-weight:600; line-height:18px; vertical-align:middle; }
        .tag { display:inline-block; padding:0 7px; border:1px solid var(--line); border-radius:9px; color:var(--soft); font-size:12px; }
        .scroll { overflow-x:auto; border:1px solid var(--line); border-radius:10px; background:var(--card); }
        #ranking .scroll { max-height:640px; overflow-y:auto; }
        table { border-collapse:collapse; width:100%; font-variant-numeric:tabular-nums; font-size:14px; }
        th, td { padding:6px 12px; text-align:right; white-space:nowrap; border-bottom:1px solid var(--grid); vertical-align:top; }
        tbody tr:last-child > * { border-bottom:0; }
        th { font-weight:600; }
        th.text, td.text { text-align:left; }
        td.wide { white-space:normal; min-width:220px; }
        thead th { color:var(--soft); font-size:13px; }
        .sortable thead th { position:sticky; top:0; background:var(--card); padding:0; box-shadow:inset 0 -1px var(--line); border:0; }
        .sortable button { all:unset; box-sizing:border-box; display:block; width:100%; padding:8px 12px; cursor:pointer; }
        .sortable button:focus-visible { outline:2px solid var(--accent); outline-offset:-2px; }
        .sortable th .unit { display:block; font-size:12px; min-height:18px; }
        th[aria-sort] button { color:var(--accent); }
        th[aria-sort=ascending] button::after { content:" ▲"; font-size:10px; }
        th[aria-sort=descending] button::after { content:" ▼"; font-size:10px; }
        .sortable tbody tr:hover { background:var(--grid); }
        td.formula { font-weight:600; }
        td ul { margin:0; padding-left:16px; }
        .figure { padding:10px; }
        .figure .chart { max-width:880px; margin:0 auto; }
        .chart { display:block; width:100%; height:auto; }
        .chart text { fill:var(--ink); font-size:13px; }
        .chart .label { paint-order:stroke; stroke:var(--card); stroke-width:3px; }
        .chart .tick { fill:var(--soft); font-size:12px; }
        .grid { stroke:var(--grid); }
        .axis { fill:none; stroke:var(--soft); }
        .ideal { fill:none; stroke:var(--soft); stroke-dasharray:4 4; }
        .curve { fill:none; stroke:var(--accent); stroke-width:1.5; }
        .model .charts { margin-top:14px; }
        .model details { margin-top:10px; }
        .tie { stroke:var(--accent); stroke-width:1.4; }
        .phase { fill:var(--pale); }
        .phase.stable { fill:var(--accent); }
        .phase.candidate { fill:none; stroke:var(--amber); stroke-width:2; }
        .dot { fill:var(--pale); stroke:var(--card); stroke-width:1; }
        .dot.first { fill:var(--accent); }
        .dot.is-known { stroke:var(--amber); stroke-width:2; }
        .dot:hover { stroke:var(--ink); stroke-width:2; }
        .key { margin-right:14px; white-space:nowrap; }
        .key svg { width:13px; height:13px; margin-right:5px; vertical-align:-2px; }
        .swatch { display:inline-block; width:12px; height:12px; margin-right:5px; border-radius:2px; vertical-align:-1px; }
        .swatch.before { background:var(--pale); }
        .swatch.after { background:var(--accent); }
        .charts { display:grid; grid-template-columns:repeat(auto-fill,minmax(280px,1fr)); gap:12px; }
        .charts.wide { grid-template-columns:repeat(auto-fill,minmax(420px,1fr)); margin-bottom:12px; }
        figure { margin:0; padding:10px 12px 6px; }
        figcaption { font-size:14px; }
        .before rect { fill:var(--pale); }
        .after rect { fill:var(--accent); }
        .model { padding:6px 18px 16px; margin-bottom:12px; }
        .columns { display:grid; margin-top:10px; grid-template-columns:minmax(360px,2fr) 3fr; gap:14px 32px; }
        #provenance .columns { grid-template-columns:1fr 1fr; }
        .metrics { margin-bottom:14px; }
        .metrics th, .metrics td { padding:5px 8px; }
        .metrics caption { padding:0 12px 4px 0; text-align:left; color:var(--soft); }
        code, pre { font:12.5px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
        code { overflow-wrap:anywhere; }
        .hash { color:var(--soft); white-space:normal; }
        pre { margin:0; padding:12px 16px; overflow-x:auto; border:1px solid var(--line); border-radius:10px; background:var(--card); }
        @media (max-width:700px) {
          body { padding:0 14px 36px; }
          .banner { margin:0 -14px; }
          h1 { font-size:24px; }
          .tiles { grid-template-columns:1fr 1fr; }
          .columns, #provenance .columns { grid-template-columns:1fr; }
          .step { grid-template-columns:1fr auto auto; gap:2px 12px; padding:7px 0; }
          .step .name { grid-column:1; } .step .left { grid-column:2; } .step .lost { grid-column:3; } .step .track { grid-column:1 /
            -1; grid-row:2; height:12px; }
          .cards { grid-template-columns:1fr; }
        }
        @media print {
          body { max-width:none; background:#fff; }
          .banner { position:fixed; left:0; right:0; }
          .banner + header { padding-top:48px; }
          #ranking .scroll, .scroll { max-height:none; overflow:visible; }
          .card, .model, figure, .figure, tr { break-inside:avoid; }
        }
        """
}
