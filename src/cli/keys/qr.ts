import { renderUnicodeCompact } from 'uqr'

import type { CliContext } from '../frame/context.ts'
import { printLine } from '../frame/context.ts'

/** Light modules around the code: enough for the cameras of phones. */
const border = 2
const whiteOnBlack = '\u001b[97;40m'
const reset = '\u001b[0m'

export const qrOption = {
  qr: {
    type: 'boolean',
    about: 'show the fingerprint as a QR code too (always done on a terminal)',
  },
} as const

/**
 * The lines of a QR code for `text`, with two modules in each character: 33 columns for a
 * fingerprint.
 */
function qrLines(text: string, isTerminal: boolean): string[] {
  const lines = renderUnicodeCompact(text, { ecc: 'M', border }).split('\n')
  // Sets both colours, so that the code is right on light and dark terminals.
  return isTerminal ? lines.map((line) => `${whiteOnBlack}${line}${reset}`) : lines
}

/** Prints the fingerprint as a QR code, on a terminal or if `--qr` was given. */
export function printFingerprintQr(
  context: CliContext,
  fingerprint: string,
  isAsked: boolean,
): void {
  if (!isAsked && !context.isTerminal.stdout) return
  for (const line of qrLines(fingerprint, context.isTerminal.stdout)) printLine(context, line)
}
