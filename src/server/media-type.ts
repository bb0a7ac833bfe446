/** Type and subtype of a `Content-Type`, in lower case and without parameters (RFC 9110 §8.3.1). */
export function mediaTypeOf(header: string | undefined): string {
  return (header ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
}
