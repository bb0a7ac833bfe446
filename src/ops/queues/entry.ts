import type { UIConfig } from '@bull-board/api/dist/types.js'
import { escapeHtml } from '../dashboard/html.ts'

/**
 * Our own HTML page for the board's scripts and style sheet. The board's page loads fonts from
 * another company and has inline styles, which the policy would have to allow.
 */
export function entryHtml(template: string, base: string, config: UIConfig): string {
  const scripts = [...template.matchAll(/<script defer src="(static\/js\/[\w.-]+\.js)">/g)].map(
    (match) => match[1] ?? '',
  )
  const sheets = [
    ...template.matchAll(/<link href="(static\/css\/[\w.-]+\.css)" rel="stylesheet">/g),
  ].map((match) => match[1] ?? '')
  if (scripts.length === 0 || sheets.length === 0)
    throw new Error('@bull-board/ui has no scripts or styles where they are looked for')
  return `<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<base href="${escapeHtml(base)}">
<title>${escapeHtml(config.boardTitle ?? '')}</title>
<link rel="icon" href="static/favicon-32x32.png">
${sheets.map((sheet) => `<link rel="stylesheet" href="${sheet}">`).join('\n')}
</head>
<body>
<script id="__UI_CONFIG__" type="application/json">${JSON.stringify(config).replace(/</g, '\\u003c')}</script>
<div id="root"><p>Loading. It takes a browser that runs scripts; <a href="/">the dashboard</a> does not.</p></div>
${scripts.map((script) => `<script defer src="${script}"></script>`).join('\n')}
</body>
</html>
`
}
