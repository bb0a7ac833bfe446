/** Styles of the case sheet: consent above everything else, facts next to the narrative. */
export const sheetStyle = `
.banner{border:2px solid var(--ink);border-radius:.4rem;padding:.5rem .9rem;background:var(--card)}.banner .title{display:block;margin-block-end:.2rem}
.banner dl{display:flex;flex-wrap:wrap;gap:.1rem 1.6rem}.banner dl>div{display:flex;gap:.4rem;padding:0}.banner dt::after{content:":"}.banner dd{font-weight:700}.banner .no dt,.banner .no dd{color:var(--bad)}.banner p{margin:.2rem 0 0}
.sheet{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:0 2rem}.sheet h2{margin:1rem 0 .3rem;border-block-end:1px solid var(--line)}.sheet>div>section:first-child h2{margin-block-start:.4rem}
.urgency{border-inline-start:.4rem solid var(--t3);padding-inline-start:.8rem}.urgency ul:not(.marks){margin:.2rem 0;padding-inline-start:1.1rem}
.person{margin-block-end:.6rem}.sheet section>ul:not(.marks){padding-inline-start:1.1rem;margin:.2rem 0}
.text{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--card);border:1px solid var(--line);padding:.6rem .8rem;border-radius:.3rem;margin:.3rem 0}.text[dir] bdi{unicode-bidi:plaintext}
.secret{border:1px dashed var(--bad);padding:.1rem .8rem .5rem;border-radius:.3rem;margin-block-start:1rem}.secret h2{border:0;color:var(--bad);margin:.3rem 0}
.history{margin-block-start:1rem}
@media (max-width:48rem){.sheet{grid-template-columns:minmax(0,1fr)}}
`
