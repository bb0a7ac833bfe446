import { keyringFileName, rootFileName, signatureFileName } from './load.ts'
import { organisationFileName, organisationSignatureName } from './load-organisation.ts'

/**
 * The public files of a keyring folder, in the order in which they are written: `keyring.json` is
 * the last, because without it the folder counts as not made.
 */
export const publicKeyFiles = [
  organisationFileName,
  organisationSignatureName,
  rootFileName,
  signatureFileName,
  keyringFileName,
] as const
