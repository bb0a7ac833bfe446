/**
 * For every box that is typed into: the browser must not remember and offer again what was typed,
 * correct it, or send it to a spelling or translation service.
 * Where `autocorrect` and `translate` are known, they are properties with a truth value, and any
 * word would be true.
 */
export const privateField = {
  autocomplete: 'off',
  autocapitalize: 'none',
  autocorrect: false,
  spellcheck: false,
  translate: false,
} as const
