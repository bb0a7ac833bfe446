import type { Language } from '../languages.ts'
import { PAGE_NAME } from '../view/frame.ts'

/** The offline sealer's keyring and root key. Its script checks the signature again. */
export interface OfflineTrust {
  /** The file `keyring.json` in base64. */
  keyring: string
  /** The file `keyring.json.minisig` in base64. */
  signature: string
  /** The base64 line of `root.pub`. */
  rootKey: string
  /** The file `organisation.json` in base64; null if there is none. */
  organisation?: string | null
  /** The file `organisation.json.minisig` in base64. */
  organisationSignature?: string | null
}

/**
 * The text shown if the file is opened with scripts off. All other words are part of the script.
 */
const WITHOUT_SCRIPT = [
  [
    'en',
    'This file seals your message on this device. It needs a browser in which scripts (JavaScript) are on. Turn the network off first: it needs none.',
  ],
  [
    'ko',
    '이 파일은 쓰신 글을 이 기기에서 봉인합니다. 스크립트(자바스크립트)가 켜진 브라우저로 여세요. 먼저 인터넷을 끊으세요. 인터넷은 필요 없습니다.',
  ],
  [
    'zh-Hans',
    '此文件在您的设备上密封您写的内容。请用已开启脚本（JavaScript）的浏览器打开。请先断开网络：它不需要网络。',
  ],
] as const

/**
 * Builds the whole file as one document.
 * @throws Error if the script or style contains text that would end its own element early
 */
export function offlineSealerPage(parts: {
  language: Language
  script: string
  style: string
  policy: string
  trust: OfflineTrust
  /** The title of the window; neutral by default. */
  title?: string
}): string {
  // https://html.spec.whatwg.org/#restrictions-for-contents-of-script-elements
  if (/<\/script|<script|<!--/i.test(parts.script) || /<\/style/i.test(parts.style)) {
    throw new Error('the offline sealer cannot be put into one file')
  }
  const notes = WITHOUT_SCRIPT.map(([language, text]) => `<p lang="${language}">${text}</p>`).join(
    '\n',
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${parts.policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeText(parts.title ?? PAGE_NAME)}</title>
<style>${parts.style}</style>
</head>
<body>
<div id="page" data-language="${parts.language}">
<main>
${notes}
</main>
</div>
<script type="application/json" id="trust">${JSON.stringify(parts.trust)}</script>
<script>${parts.script}</script>
</body>
</html>
`
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
