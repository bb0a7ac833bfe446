/** Markup that may go into a page as it is. Only `html` makes it. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Insert = string | number | Html | readonly Html[]

/** A template whose inserts are escaped unless they are markup already. */
export function html(parts: TemplateStringsArray, ...inserts: readonly Insert[]): Html {
  const texts = parts.map((part, index) => part + (index < inserts.length ? render(inserts[index] ?? '') : ''))
  return new Html(texts.join(''))
}

function render(insert: Insert): string {
  if (insert instanceof Html) return insert.text
  if (typeof insert === 'object') return insert.map((item) => item.text).join('')
  return escapeHtml(String(insert))
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;',
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}
