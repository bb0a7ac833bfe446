/**
 * For every box that is typed into: the browser must not remember and offer again what was typed,
 * correct it, or send it to a spelling or translation service. Browsers that know `autocorrect` and
 * `translate` have them as boolean properties, where any text would count as true.
 */
export const privateField = {
  autocomplete: 'off',
  autocapitalize: 'none',
  autocorrect: false,
  spellcheck: false,
  translate: false,
} as const
