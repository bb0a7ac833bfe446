/** Styles of the deadline board: what to do first, how much there is, and cards. */
export const boardStyle = `
.next{border:1px solid var(--line);border-inline-start:.5rem solid var(--t3);border-radius:.4rem;background:var(--card);padding:.7rem 1rem}
.next h2{font-size:1.35rem;margin:0}.next .todo{margin:0;font-size:.875rem;font-weight:700;color:var(--soft)}.next ul:not(.marks){margin:.2rem 0;padding-inline-start:1.2rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.6rem;margin:0;padding:0;list-style:none;align-content:start}
.top{display:grid;grid-template-columns:minmax(0,2fr) minmax(0,1fr);gap:1rem}@media (max-width:56rem){.top{grid-template-columns:minmax(0,1fr)}}
.tile{background:var(--card);border:1px solid var(--line);border-block-start:.3rem solid var(--t3);border-radius:.4rem;padding:.4rem .7rem}
.tile a{display:flex;gap:.6rem;align-items:center;line-height:1.2;text-decoration:none;color:inherit}.tile a:hover{text-decoration:underline}.tile .figure{font-size:1.7rem;font-weight:700;font-variant-numeric:tabular-nums}.tile>span{font-size:.875rem}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(21rem,100%),1fr));gap:.8rem;padding:0;margin:0;list-style:none}
.card{background:var(--card);border:1px solid var(--line);border-inline-start:.4rem solid var(--t3);padding:.6rem .8rem;border-radius:.4rem;min-width:0}
.cards>.card{content-visibility:auto;contain-intrinsic-size:auto 15rem}
.t0:is(.card,.next,.urgency){border-inline-start-color:var(--t0)}.t1:is(.card,.next,.urgency){border-inline-start-color:var(--t1)}.t2:is(.card,.next,.urgency){border-inline-start-color:var(--t2)}
.tile.t0{border-block-start-color:var(--t0)}.tile.t1{border-block-start-color:var(--t1)}.tile.t2{border-block-start-color:var(--t2)}
.card p{margin:.2rem 0}.card ul:not(.marks){margin:0;padding-inline-start:1.1rem;font-size:.9375rem}.why{font-size:.875rem;font-weight:600;margin-block:.4rem 0}
.ways{display:flex;gap:1.2rem}.rules{margin-block-start:1.5rem}
`
