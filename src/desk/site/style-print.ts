/** Print styles: black on white, an ordinary case on one page, two columns, no controls. */
export const printStyle = `
@media print{@page{size:A4;margin:12mm}
:root{color-scheme:light;--ink:#000;--soft:#333;--paper:#fff;--card:#fff;--line:#999;--link:#000;--pale:#ddd;--t0:#000;--t1:#000;--t2:#000;--t3:#000;--bad:#000}
html{font-size:9pt}body{line-height:1.35}header nav,.skip,.filters,.ways,.command,.history,.hint,#more{display:none}header{border:0}header p{margin:0;font-size:8pt}nav,header p,main,footer{padding-inline:0;max-width:none}main{padding-block:0}footer{padding-block:.4rem 0}
h1{font-size:13pt;margin:.4rem 0 .1rem}h2{font-size:10pt;margin:.5rem 0 .1rem;break-after:avoid}h3{font-size:9pt}.sheet h2{margin:.5rem 0 .15rem}
a{color:inherit;text-decoration:none}.card,.next,.banner,.person,.tile,dl>div,tr{break-inside:avoid}.cards>.card,.list tbody tr,.lines li,.bars li,.pair{content-visibility:visible}
.sheet{grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:0 6mm}dl>div{grid-template-columns:8rem minmax(0,1fr)}.text{padding:.2rem .4rem}.secret{margin-block-start:.4rem}.mark.late{background:none;color:inherit}.meta{font-size:8.5pt}
.scroll{overflow:visible}svg{print-color-adjust:exact}}
`
