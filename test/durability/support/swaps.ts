import type { WayName } from './ways.ts'

/** A change of our source text that reverses the order of two steps. */
export interface Swap {
  what: string
  path: string
  from: string
  to: string
  /** The way that must report a problem. */
  way: WayName
}

const signature = `  // Last of all: only a signed folder is an export.
  await writeDurably(join(options.folder, sumsSignatureFileName), written, [
    new TextEncoder().encode(signature),
  ])
`

export const swaps: readonly Swap[] = [
  {
    what: 'the receipt before the name is safe',
    path: 'src/store/fs-store.ts',
    from: 'await Promise.all([this.#syncs[prefix].sync(), isKept ? null : orNull(unlink(path))])',
    to: 'void Promise.all([this.#syncs[prefix].sync(), isKept ? null : orNull(unlink(path))])',
    way: 'postRaw',
  },
  {
    what: 'the receipt of a repeat before the earlier name is safe',
    path: 'src/store/fs-store.ts',
    from: 'await Promise.all([this.#syncs[prefix].sync(), isKept ? null : orNull(unlink(path))])',
    to: 'await Promise.all([isNew ? this.#syncs[prefix].sync() : null, isKept ? null : orNull(unlink(path))])',
    way: 'postRepeated',
  },
  {
    what: 'the name before the bytes are safe',
    path: 'src/store/fs-stage.ts',
    from: `      await this.#makeDurable()
      const outcome = await this.#host.place(this.#path, prefix, receipt)`,
    to: `      const outcome = await this.#host.place(this.#path, prefix, receipt)
      await this.#makeDurable()`,
    way: 'postRaw',
  },
  {
    what: 'the old name gone before the new one is safe',
    path: 'src/store/fs-store.ts',
    from: `      await this.#syncs[further ?? to].sync()
      await orNull(unlink(source))`,
    to: `      await orNull(unlink(source))
      await this.#syncs[further ?? to].sync()`,
    way: 'storeTip',
  },
  {
    what: 'the ledger line before the move',
    path: 'workers/store.ts',
    from: "  if ((await store.move(receipt, 'incoming', 'sealed')) === 'missing') return 'absent'",
    to: "  if (isCanary !== true) await ledger.append('stored', receipt, inspection.bytes)\n  if ((await store.move(receipt, 'incoming', 'sealed')) === 'missing') return 'absent'",
    way: 'storeTip',
  },
  {
    what: 'the dead letter before its reason',
    path: 'workers/store.ts',
    from: `  await options.reasons.note(receipt, reason)
  if ((await options.store.move(receipt, 'incoming', 'quarantine')) === 'missing') return 'absent'`,
    to: `  if ((await options.store.move(receipt, 'incoming', 'quarantine')) === 'missing') return 'absent'
  await options.reasons.note(receipt, reason)`,
    way: 'parkTip',
  },
  {
    what: 'the line of a collected envelope before its move',
    path: 'workers/collect.ts',
    from: "  if ((await store.move(receipt, 'sealed', 'collected')) === 'missing') return 'unknown'",
    to: "  await ledger.append('collected', receipt, last.bytes)\n  if ((await store.move(receipt, 'sealed', 'collected')) === 'missing') return 'unknown'",
    way: 'collectTip',
  },
  {
    what: 'the acknowledgement gone before it is applied',
    path: 'workers/collect.ts',
    from: "    if (typeof receipts === 'string' || !(await applyReceipts(options, receipts, result))) continue\n",
    to: "    if (typeof receipts === 'string') continue\n    await options.inbox.remove(name)\n    if (!(await applyReceipts(options, receipts, result))) continue\n",
    way: 'collectTip',
  },
  {
    what: 'the signature of an applied acknowledgement gone first',
    path: 'workers/inbox.ts',
    from: '    await rename(join(this.#dir, name), join(this.#dir, name + doneSuffix))\n',
    to: '    await rm(join(this.#dir, name + signatureSuffix), { force: true })\n    await rename(join(this.#dir, name), join(this.#dir, name + doneSuffix))\n',
    way: 'collectTip',
  },
  {
    what: 'the blob deleted before the ledger says so',
    path: 'workers/retention.ts',
    from: "  await Promise.all(entries.map(({ receipt, bytes }) => ledger.append('deleted', receipt, bytes)))\n",
    to: "  await Promise.all(entries.map(({ receipt }) => store.remove('collected', receipt)))\n  await Promise.all(entries.map(({ receipt, bytes }) => ledger.append('deleted', receipt, bytes)))\n",
    way: 'deleteTip',
  },
  {
    what: 'the request gone before the dead letter',
    path: 'workers/discard.ts',
    from: '    if (size !== undefined) await discard(options, receipt, size)\n',
    to: '    await options.requests.remove(receipt)\n    if (size !== undefined) await discard(options, receipt, size)\n',
    way: 'discardTip',
  },
  {
    what: "an upload's receipt recorded before its envelope is in the spool",
    path: 'src/store/stored-upload.ts',
    from: `    await this.#host.adopt(this.#host.partPath, receipt)
`,
    to: `    this.#record = { ...this.#record, receipt }
    await this.#writeRecord('r+').catch(rethrow)
    await this.#host.adopt(this.#host.partPath, receipt)
`,
    way: 'upload',
  },
  {
    what: 'the bytes of an upload gone before its receipt is recorded',
    path: 'src/store/stored-upload.ts',
    from: "    await this.#writeRecord('r+').catch(rethrow)\n    await orNull(unlink(this.#host.partPath)).catch(rethrow)",
    to: "    await orNull(unlink(this.#host.partPath)).catch(rethrow)\n    await this.#writeRecord('r+').catch(rethrow)",
    way: 'upload',
  },
  {
    what: 'the signature of an export before its sums',
    path: 'src/carry/write-export.ts',
    from: '  await writeDurably(join(options.folder, sumsFileName), written, [sums])',
    to: `${signature}  await rm(join(options.folder, sumsSignatureFileName))
  await writeDurably(join(options.folder, sumsFileName), written, [sums])`,
    way: 'exportTips',
  },
  {
    what: 'the acknowledgement in the inbox before its signature',
    path: 'src/cli/stick/acknowledge-on-server.ts',
    from: '  await replaceFile(`${name}.minisig`, signature)\n',
    to: '  await replaceFile(name, bytes)\n  await replaceFile(`${name}.minisig`, signature)\n',
    way: 'acknowledgeOnServer',
  },
  {
    what: 'the name of a backup before all in it is safe',
    path: 'src/backup/write-backup.ts',
    from: '  await tree.settle()\n',
    to: '',
    way: 'backUp',
  },
]
