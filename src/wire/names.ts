/** Names of the HTTP interface between the intake and its clients. */

export const submissionsPath = '/submissions'
export const uploadsPath = '/uploads'
export const receiptsPath = '/receipts'
export const repliesPath = '/replies'
export const keyringPath = '/keyring.json'
export const keyringSignaturePath = '/keyring.json.minisig'

/** Below `/replies`: a tar of the indexes, their signatures, and the newest drops. */
export const newestRepliesName = 'newest.tar'

/** Below `/replies`: a tar of older drops; 1 follows the newest ones. */
export function olderRepliesName(number: number): string {
  return `older-${number}.tar`
}

/** Address of one upload or receipt below its collection. */
export function pathBelow(collection: string, id: string): string {
  return `${collection}/${id}`
}

/** Fields of the form, and the only key that is read in `Upload-Metadata`. */
export const envelopeField = 'envelope'
export const keyringField = 'keyring'

/** The protocol of `/uploads`: tus 1.0.0. */
export const tusVersion = '1.0.0'
export const tusVersionHeader = 'tus-resumable'
export const chunkType = 'application/offset+octet-stream'

/** Media type of an envelope that is posted without a form. */
export const envelopeType = 'application/octet-stream'

/** Header of the answer to the request that completes an upload. */
export const receiptHeader = 'Tumen-Receipt'
