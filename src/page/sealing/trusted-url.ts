interface ScriptUrlPolicy {
  createScriptURL(url: string): string
}

interface PolicyFactory {
  createPolicy(name: string, rules: ScriptUrlPolicy): ScriptUrlPolicy
}

/**
 * Trusted Types: the policy `tumen` is the only one that the Content-Security-Policy allows. It
 * accepts this single address of ours. Call this once in a page or worker, because a policy's name
 * can be used only once.
 */
export function trustOnly(ownUrl: string): () => string {
  const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory }
  const rules: ScriptUrlPolicy = {
    createScriptURL(url) {
      if (url === ownUrl) return url
      throw new TypeError('the address is not that of our script')
    },
  }
  const policy = trustedTypes?.createPolicy('tumen', rules) ?? rules
  return () => policy.createScriptURL(ownUrl)
}
