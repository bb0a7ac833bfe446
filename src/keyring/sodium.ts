import sodium from 'libsodium-wrappers'

// Awaited when the module is loaded, so that signing and verifying need not be asynchronous.
await sodium.ready

export { sodium }
