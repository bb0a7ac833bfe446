interface ScriptUrlPolicy {
  createScriptURL(url: string): string
}

interface PolicyFactory {
  createPolicy(name: string, rules: ScriptUrlPolicy): ScriptUrlPolicy
}

/**
 * Trusted Types: the policy `tumen`, the only one the Content-Security-Policy allows, passes this
 * one address of ours and nothing else. Call it once in a page or worker: a name can be taken once.
 */
export function trustOnly(ownUrl: string): () => string {
  const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory }
  const rules: ScriptUrlPolicy = {
    createScriptURL(url) {
      if (url === ownUrl) return url
      throw new TypeError('not a script of ours')
    },
  }
  const policy = trustedTypes?.createPolicy('tumen', rules) ?? rules
  return () => policy.createScriptURL(ownUrl)
}
