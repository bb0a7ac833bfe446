/**
 * Colours and cursor moves, and operating system commands such as "set the title" with their text.
 */
const escapes =
  /(?:\u{1B}\[|\u{9B})[0-?]{0,16}[ -/]?[@-~]|(?:\u{1B}\]|\u{9D})[^\u{7}\u{1B}\u{9C}]{0,200}(?:\u{7}|\u{1B}\\|\u{9C})?/gu
/** Controls but line ends and tabs, and what turns the order of a line or ends it unseen. */
const commands =
  /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufeff]/gu

/**
 * Text from anywhere, such as a file name on a stick, as text that a terminal only shows. Every
 * line that a command prints goes through this, so that no command can forget it.
 */
export function safeText(text: string): string {
  return text.replace(escapes, '').replace(commands, '')
}

/** JSON of the same meaning, in which every character that a terminal would obey is escaped. */
export function safeJson(document: unknown): string {
  return JSON.stringify(document, null, 2).replace(
    /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => character.split('').map(escapeUnit).join(''),
  )
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
