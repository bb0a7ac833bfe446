import sodium from 'libsodium-wrappers'

// Awaited once, where the module is loaded, so that signing and verifying can be plain calls.
await sodium.ready

export { sodium }
