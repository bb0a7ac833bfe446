/** Styles of tables, folding lists, the timeline and charts. */
export const listStyle = `
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;margin:.4rem 0 1.2rem}caption{text-align:start;font-weight:700;padding:.3rem 0}
th,td{border-block-end:1px solid var(--line);padding:.35rem .6rem;text-align:start;vertical-align:top}thead th{font-size:.875rem;color:var(--soft)}tbody th{font-weight:400}td{overflow-wrap:anywhere}
td.n,th.n{text-align:end;font-variant-numeric:tabular-nums}
.list,.list thead,.list tbody,.list td,.list th{display:block}.list td,.list th{border:0;min-width:0}.list tr{display:grid;grid-template-columns:3.5rem minmax(0,1fr) 9rem 17rem 6rem;border-block-end:1px solid var(--line)}.list tbody tr{content-visibility:auto;contain-intrinsic-size:auto 3.6rem}
.people tr{grid-template-columns:minmax(0,1fr) 11rem 6rem 14rem 18rem}.people td:last-child{font-size:.875rem}
.filters{display:flex;flex-wrap:wrap;gap:.5rem .9rem;align-items:end;margin:.6rem 0;padding:.6rem .8rem;background:var(--card);border:1px solid var(--line);border-radius:.4rem}.filters[hidden]{display:none}
.filters label{display:grid;font-size:.875rem;color:var(--soft);min-width:0}.filters input,.filters select{width:100%}.filters label:first-child{flex:1 1 16rem}.filters p{margin:0;min-width:8rem;font-weight:600;padding-block:.3rem}
input,select,button{font:inherit;color:var(--ink);background:var(--paper);border:1px solid var(--soft);border-radius:.3rem;padding:.3rem .5rem;max-width:100%;min-height:2.2rem}button{cursor:pointer}
.group,.year{border-block-start:1px solid var(--line);padding-block:.3rem}.group summary,.year summary{padding-block:.3rem}.group .mark{margin-inline-start:.6rem}
.lines{list-style:none;padding:0;margin:.2rem 0 .8rem}.lines li{padding:.15rem 0;content-visibility:auto;contain-intrinsic-size:auto 1.7rem}.lines a,.bars a{display:inline-block;min-height:1.5rem;max-width:100%}.lines .tier{display:inline-block;min-width:1.2rem}
.pair{margin:.7rem 0;content-visibility:auto;contain-intrinsic-size:auto 18rem}.pair table{table-layout:fixed;margin:.3rem 0}.pair th:first-child{width:6rem;color:var(--soft)}.pair tr:last-child>*{border:0}.differs td{font-weight:700}
.months,.bars li{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,22rem);gap:.8rem;align-items:center}
.months{grid-template-columns:repeat(12,minmax(0,1fr));margin-inline-end:22.8rem;gap:0;font-size:.75rem;color:var(--soft)}.months span{border-inline-start:1px solid var(--line);padding-inline-start:.2rem;overflow:hidden}
.bars{list-style:none;margin:0 0 .8rem;padding:0}.bars li{min-height:1.7rem;content-visibility:auto;contain-intrinsic-size:auto 1.7rem}
.bars svg,.legend svg{display:block;width:100%;height:1.1rem;background:repeating-linear-gradient(to right,var(--line) 0 1px,transparent 1px calc(100%/12))}
.legend{display:grid;grid-template-columns:repeat(auto-fill,minmax(9rem,1fr));gap:.3rem 1rem;list-style:none;padding:0;margin:.6rem 0;font-size:.8125rem;color:var(--soft)}
rect.day{fill:var(--link)}rect.range{fill:var(--pale);stroke:var(--link)}rect.approximate{fill:var(--pale);stroke:var(--link);stroke-dasharray:5 3}rect.uncertain{fill:none;stroke:var(--link);stroke-dasharray:1.5 3}.bars rect,.legend rect,path.open{vector-effect:non-scaling-stroke;stroke-width:1.5}path.open{fill:none;stroke:var(--ink)}
figure{margin:1rem 0}figcaption{font-weight:700;margin-block-end:.3rem}.chart{display:block}.chart text{fill:var(--ink);font-size:13px}
.bar{fill:var(--link)}.unsure{fill:none;stroke:var(--link);stroke-dasharray:4 3;stroke-width:1.5}.axis{stroke:var(--line)}
@media (max-width:48rem){.list tr{grid-template-columns:2.5rem minmax(0,1fr) 7rem 12rem 5.5rem}.people tr{grid-template-columns:minmax(0,1fr) 7rem 5rem 9rem 10rem}}
@media (max-width:40rem){.filters label{flex:1 1 9rem}.list thead{position:absolute;clip-path:inset(50%)}.list tr{grid-template-columns:2rem minmax(0,1fr) auto;padding:.4rem 0}.list td{padding:.05rem .2rem}.list td:nth-child(4),.list td:nth-child(5){grid-column:2/4}.list td:empty{display:none}
.list.people tr{grid-template-columns:minmax(0,1fr) minmax(0,1fr)}.list.people td:nth-child(n){grid-column:auto}.list.people td:first-child,.list.people td:last-child{grid-column:1/3}.pair th:first-child{width:5.2rem}
.bars li{grid-template-columns:minmax(0,1fr);gap:0;padding-block:.2rem}.months{margin-inline-end:0}.months span{font-size:.625rem}}
`
