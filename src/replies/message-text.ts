// Controls except line breaks, characters that change the direction of text, line separators, tags
// and broken surrogates: with them an answer could look like something else.
const forbidden =
  /[^\P{Cc}\n]|[\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u

/** What is wrong with the text of an answer, or null. */
export function messageTextProblem(text: string): string | null {
  if (text.trim() === '') return 'is empty'
  return forbidden.test(text)
    ? 'has control, direction-changing or broken characters: write it as plain text'
    : null
}
