/**
 * Empties the boxes of a page without the app when it is left. Browsers may keep the page in
 * memory, although it is `no-store`, and show what was typed to the next person who goes back.
 */
addEventListener('pagehide', () => {
  for (const field of document.querySelectorAll('textarea')) field.value = ''
})
