/** The most that is read of each file, in bytes. */
export const maxKeyringBytes = 1024 * 1024
/** Four lines at their longest, with room for line ends. */
export const maxSignatureFileBytes = 16 * 1024
export const maxKeyFileBytes = 4 * 1024
/** Six languages of at most 2,720 characters each, written in three bytes and escaped. */
export const maxOrganisationBytes = 128 * 1024
