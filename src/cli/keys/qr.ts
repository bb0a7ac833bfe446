import { renderUnicodeCompact } from 'uqr'

import type { CliContext } from '../frame/context.ts'
import { printLine } from '../frame/context.ts'

/** Light modules around the code; scanners of phones need no more. */
const border = 2
const whiteOnBlack = '\u001b[97;40m'
const reset = '\u001b[0m'

export const qrOption = {
  qr: { type: 'boolean', about: 'the fingerprint as a QR code, too (on a terminal: always)' },
} as const

/**
 * The terminal lines of a QR code that holds `text`: two modules a character, 33 columns for a
 * fingerprint.
 */
function qrLines(text: string, isTerminal: boolean): string[] {
  const lines = renderUnicodeCompact(text, { ecc: 'M', border }).split('\n')
  // Whatever the colours of the terminal: light modules are drawn, dark ones are left.
  return isTerminal ? lines.map((line) => `${whiteOnBlack}${line}${reset}`) : lines
}

/** The fingerprint as a QR code: on a terminal, or when it was asked for. */
export function printFingerprintQr(
  context: CliContext,
  fingerprint: string,
  isAsked: boolean,
): void {
  if (!isAsked && !context.isTerminal.stdout) return
  for (const line of qrLines(fingerprint, context.isTerminal.stdout)) printLine(context, line)
}
