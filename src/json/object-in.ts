/**
 * The fields of the JSON object in an untrusted text. Any other text gives an object without named
 * fields (a list gives numbered ones), so callers only check each field. Callers must bound the
 * length of the text first.
 */
export function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
