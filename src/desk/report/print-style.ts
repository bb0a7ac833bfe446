/** Black on white, for paper; uses no fonts or pictures from other files. */
export const printStyle = `
@page{size:A4;margin:18mm 17mm}
*{box-sizing:border-box}
body{margin:0;background:#fff;color:#111;font:10.5pt/1.4 "Noto Sans","Liberation Sans",Arial,"Noto Sans CJK KR","Noto Sans CJK SC",sans-serif;overflow-wrap:anywhere}
main{max-width:176mm;margin:0 auto;padding:8mm 4mm}
h1{font-size:15pt;line-height:1.25;margin:0 0 3mm}
h2{font-size:11.5pt;margin:5mm 0 1mm;padding-block-start:1.5mm;border-block-start:.4mm solid #111}
h3{font-size:10.5pt;margin:3mm 0 1mm}
h1,h2,h3{break-after:avoid}
p{margin:1.5mm 0}
.lead{font-size:12pt}
.note{color:#444;font-size:9pt}
.warning{border:.4mm solid #111;padding:2mm 3mm}
ul{margin:1mm 0;padding-inline-start:6mm}
dl{margin:0}
dl>div{display:grid;grid-template-columns:52mm 1fr;gap:0 4mm;padding:1mm 0;border-block-end:.2mm solid #bbb;break-inside:avoid}
dt{color:#333}dd{margin:0;white-space:pre-wrap}
.gap{border-block-end:.2mm dotted #555;min-height:1.2em}
bdi{white-space:pre-wrap}
table{border-collapse:collapse;width:100%;margin:2mm 0}
caption{text-align:start;font-weight:700;padding:1mm 0}
th,td{border:.2mm solid #999;padding:1mm 1.5mm;text-align:start;vertical-align:top}
th{background:#eee;font-size:9pt}
tr{break-inside:avoid}thead{display:table-header-group}
.page{border:0;break-after:page;margin:0}
@media screen{body{background:#e6e6e6}main{background:#fff;padding:14mm 17mm;max-width:210mm}.page{border-block-start:2mm solid #e6e6e6;margin:8mm -17mm}}
@media print{main{max-width:none;padding:0 .5mm}.page{height:0}}
`.trim()
