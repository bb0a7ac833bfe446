/** Limits on what is read from a casebook. */
export const maxOpenedBytes = 16 * 1024 * 1024
/** Room for many times ten thousand changes of ordinary length. */
export const maxCaseBytes = 32 * 1024 * 1024
export const maxWindowsBytes = 1024 * 1024
export const maxChanges = 10_000

/** Limit for one answer to a question of a UN form. */
export const maxFormAnswerChars = 5_000

/** Limits for the analyst's own one-line fields. */
export const maxTitleChars = 200
export const maxGroupChars = 200
export const maxAssignedChars = 100
export const maxPersonIdChars = 100

/** Longer than the four parts of an answer; the parts themselves are counted in bytes. */
export const maxReplyChars = 20_000
/** Limits for `replies/` in the casebook. */
export const maxReplyBookBytes = 16 * 1024 * 1024
export const maxTripBytes = 1024 * 1024
export const maxReplySettingsBytes = 64 * 1024
