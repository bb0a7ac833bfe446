import { Html, html } from './html.ts'
import { LANGUAGE_NAMES, LANGUAGE_TAGS, LANGUAGES, type Language } from './languages.ts'
import { PAGE_TEXTS } from './texts.ts'

export interface PageFrame {
  language: Language
  isDemo: boolean
}

export function homePage(frame: PageFrame & { fingerprint: string }): string {
  const texts = PAGE_TEXTS[frame.language]
  return page(frame, texts.title, html`
<h1>${texts.title}</h1>
${texts.intro.map((line) => html`<p>${line}</p>\n`)}
<h2>${texts.sealHeading}</h2>
<p>${texts.sealIntro}</p>
<dl>
${recipe(texts.sealTumen, 'tumen seal my-file -o tip.age', '/keyring.json')}
${recipe(texts.sealNew, 'tar -c my-folder | age -R recipients.txt -o tip.age', '/recipients.txt')}
${recipe(texts.sealOld, 'tar -c my-folder | age -R recipients-x25519.txt -o tip.age', '/recipients-x25519.txt')}
</dl>
<h2>${texts.sendHeading}</h2>
<form method="post" action="/submissions?lang=${frame.language}" enctype="multipart/form-data">
<p><label for="envelope">${texts.sendLabel}</label>
<input id="envelope" name="envelope" type="file" required></p>
<p><button type="submit">${texts.send}</button></p>
</form>
<nav>${LANGUAGES.map((language) => html`<a href="/${language}/" lang="${LANGUAGE_TAGS[language]}">${LANGUAGE_NAMES[language]}</a>\n`)}</nav>`)
}

export function receiptPage(frame: PageFrame & { receipt: string; state: 'accepted' | 'stored' | 'collected' }): string {
  const texts = PAGE_TEXTS[frame.language]
  return page(frame, texts.receiptHeading, html`
<h1>${texts.receiptHeading}</h1>
<p>${texts.states[frame.state]}</p>
<p><code class="receipt">${groupsOf(frame.receipt).join(' ')}</code></p>
<p>${texts.receiptKeep}</p>
<p><a href="/${frame.language}/">${texts.home}</a></p>`)
}

export function problemPage(frame: PageFrame & { title: string; detail: string; hasHome: boolean }): string {
  const texts = PAGE_TEXTS[frame.language]
  const home = frame.hasHome ? html`<p><a href="/${frame.language}/">${texts.home}</a></p>` : html``
  return page(frame, frame.title, html`
<h1>${texts.problemHeading}</h1>
<p><strong>${frame.title}</strong></p>
<p>${frame.detail}</p>
${home}`)
}

/** Groups of eight: short enough to read out and to compare. */
function groupsOf(receipt: string): string[] {
  return receipt.match(/.{1,8}/g) ?? []
}

function recipe(name: string, command: string, file: string): Html {
  return html`<dt>${name}</dt><dd><code>${command}</code> <a href="${file}">${file.slice(1)}</a></dd>`
}

function page(frame: PageFrame, title: string, body: Html): string {
  const demo = frame.isDemo ? html`<p class="demo" role="alert">${PAGE_TEXTS[frame.language].demo}</p>` : html``
  return html`<!doctype html>
<html lang="${LANGUAGE_TAGS[frame.language]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
${demo}
<main>${body}
</main>
</body>
</html>
`.text
}
