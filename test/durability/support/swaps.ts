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

const copyOfIndexes = '  await copyIndexes(options, written)\n'
const endOfExport = `  const sums = formatSums(outcome.exported, layout)
  const trustedComment = \`tumen export of \${count(outcome.exported.length, 'envelope')}, \${options.day}, keyring \${options.keyringFingerprint}\`
  const signature = signMinisign({ secretKey: options.signingKey, message: sums, trustedComment })
  await writeDurably(join(options.folder, sumsFileName), written, [sums])
  await syncDirectory(options.folder)
  // The signature is written last: only a signed folder counts as an export.
  await writeDurably(join(options.folder, sumsSignatureFileName), written, [
    new TextEncoder().encode(signature),
  ])
  await syncDirectory(options.folder)
`

export const swaps: readonly Swap[] = [
  {
    what: 'the receipt before the name is safe',
    path: 'src/store/fs-store.ts',
    from: 'await Promise.all([this.#syncs[prefix].sync(), isKept ? null : orNull(unlink(path))])',
    // A fast disk must not be safe before the receipt is sent.
    to: 'void Promise.all([setTimeout(() => void this.#syncs[prefix].sync(), 1000), isKept ? null : orNull(unlink(path))])',
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
  {
    what: 'the day from which retention counts set after the move',
    path: 'src/store/fs-store.ts',
    from: `      if (link === 'same') await setDay(target, this.#dayOfMove(target, to))
      await this.#syncs[further ?? to].sync()
      await orNull(unlink(source))
`,
    to: `      await this.#syncs[further ?? to].sync()
      await orNull(unlink(source))
      if (link === 'same') await setDay(target, this.#dayOfMove(target, to))
`,
    way: 'collectTip',
  },
  {
    what: "the record of an upload's last bytes after they are in the spool",
    path: 'src/store/stored-upload.ts',
    from: `    this.#record = { ...this.#record, durableBytes }
    await this.#writeRecord('r+')
`,
    to: `    this.#record = { ...this.#record, durableBytes }
    if (durableBytes < this.bytes) await this.#writeRecord('r+')
`,
    way: 'upload',
  },
  {
    what: 'this run of the machine noted before bytes that may be zeros are cut off',
    path: 'src/store/upload-folder.ts',
    from: `    const names = await readdir(this.#path)
    for (`,
    to: `    await writeFile(bootPath, bootId, { mode: FILE_MODE, flush: true })
    const names = await readdir(this.#path)
    for (`,
    way: 'recoverUpload',
  },
  {
    what: 'the request to delete gone before all is deleted',
    path: 'workers/retention.ts',
    from: `  const isRequested = deletionRequest.isPending()
`,
    to: `  const isRequested = deletionRequest.isPending()
  await deletionRequest.remove()
`,
    way: 'deleteTip',
  },
  {
    what: 'the request gone before the reason of the dead letter',
    path: 'workers/discard.ts',
    from: `    await options.reasons.forget(receipt)
    await options.requests.remove(receipt)
`,
    to: `    await options.requests.remove(receipt)
    await options.reasons.forget(receipt)
`,
    way: 'discardTip',
  },
  {
    what: 'the dead letter back in the spool before its old reason is gone',
    path: 'src/cli/queue/retry.ts',
    from: `  await reasons.forget(receipt)
  if ((await store.move(receipt, 'quarantine', 'incoming')) === 'missing') return 'before'
`,
    to: `  if ((await store.move(receipt, 'quarantine', 'incoming')) === 'missing') return 'before'
  await reasons.forget(receipt)
`,
    way: 'retryLetter',
  },
  {
    what: 'the mark of an applied acknowledgement gone before its signature',
    path: 'workers/inbox.ts',
    from: `    await rm(join(this.#dir, name + signatureSuffix), { force: true })
    await rm(join(this.#dir, name + doneSuffix), { force: true })
`,
    to: `    await rm(join(this.#dir, name + doneSuffix), { force: true })
    await rm(join(this.#dir, name + signatureSuffix), { force: true })
`,
    way: 'collectTip',
  },
  {
    what: 'answers gone from the inbox before they are taken in',
    path: 'workers/replies.ts',
    from: `      const problem = await takeInFrom(replyInbox.pathOf(name), { folder, keyring, clock })
`,
    to: `      const { renameSync } = await import('node:fs')
      renameSync(replyInbox.pathOf(name), join(dataDir, 'arrived'))
      const problem = await takeInFrom(join(dataDir, 'arrived'), { folder, keyring, clock })
`,
    way: 'takeInAnswers',
  },
  {
    what: 'a checkpoint of the ledger before the lines of its segment',
    path: 'src/ledger/roll.ts',
    from: `  // A file without a checkpoint was left by an interrupted attempt.
`,
    to: `  await writeUntimed(checkpointPath(files, number), formatCheckpoint(checkpoint), day)
`,
    way: 'fillSegment',
  },
  {
    what: 'a new ledger.jsonl before the segment of its lines',
    path: 'src/ledger/writer.ts',
    from: `    await this.#state.closeSegment(null)
    this.#needsNewFile = true
    await this.#startNewFile()
`,
    to: `    const lines = Buffer.alloc(this.#goodBytes)
    await this.#handle.read(lines, 0, lines.length, 0)
    await this.#startNewFile()
    await this.#state.closeSegment(lines)
`,
    way: 'fillSegment',
  },
  {
    what: 'the note of the end before the lines',
    path: 'src/ledger/writer.ts',
    from: `    try {
      if (fresh.size > 0) await this.#persist(Buffer.from(text))
`,
    to: `    try {
      if (fresh.size > 0) await this.#endNote?.write(chain, this.#state.today())
      if (fresh.size > 0) await this.#persist(Buffer.from(text))
`,
    way: 'fillSegment',
  },
  {
    what: 'the note that shows a loss written over before the loss is noted',
    path: 'src/ledger/open.ts',
    from: `  if (!end.isMet) {
    const { lines } = state.chain
`,
    to: `  if (!end.isMet) {
    const { lines } = state.chain
    await (await EndNote.open(files))?.write(state.chain, state.today())
`,
    way: 'loseLine',
  },
  {
    what: 'the index of answers on the stick after the signature of the export',
    path: 'src/carry/write-export.ts',
    from: copyOfIndexes + endOfExport,
    to: endOfExport + copyOfIndexes,
    way: 'exportIndex',
  },
  {
    what: 'ops told of an export before it is signed',
    path: 'src/cli/stick/export.ts',
    from: `      const outcome = await folder.write({
`,
    to: `      await markExported(context, settings)
      const outcome = await folder.write({
`,
    way: 'exportTips',
  },
  {
    what: 'a tip in the casebook before the record of its opening',
    path: 'src/desk/opening/tip-folder.ts',
    from: `      const opened = await createSink(join(partial, 'opened.json'), sinks, digestHere)
      await opened.write(formatJsonDocument(record))
      await opened.end()
      await Promise.all([...folders].map((path) => syncDirectory(path)))
      await rename(partial, path)
      await syncDirectory(dirname(path))
`,
    to: `      await Promise.all([...folders].map((path) => syncDirectory(path)))
      await rename(partial, path)
      const opened = await createSink(join(path, 'opened.json'), sinks, digestHere)
      await opened.write(formatJsonDocument(record))
      await opened.end()
      await syncDirectory(path)
      await syncDirectory(dirname(path))
`,
    way: 'openTips',
  },
  {
    what: 'an old drop gone from the stick before the new index is there',
    path: 'src/desk/replies/write-stick.ts',
    from: `  const bytes = formatIndex(index)
`,
    to: `  await removeUnnamed(replies, work)
  const bytes = formatIndex(index)
`,
    way: 'bringAnswers',
  },
  {
    what: 'the record of a trip before its drop',
    path: 'src/desk/replies/trip-files.ts',
    from: `  await writeNewFile(join(replies, \`\${trip.drop}.tar\`), drop)
  await save(actor, \`\${trip.drop}.json\`, formatJsonDocument(trip), {
    action: 'drop_written',
    item: \`replies/\${trip.drop}.json\`,
    reason: \`index \${trip.seq} of key \${trip.key}; \${count(trip.messages.length, 'answer')}, \${count(trip.opened.length, 'tip')} reported as opened\`,
  })
`,
    to: `  await save(actor, \`\${trip.drop}.json\`, formatJsonDocument(trip), {
    action: 'drop_written',
    item: \`replies/\${trip.drop}.json\`,
    reason: \`index \${trip.seq} of key \${trip.key}; \${count(trip.messages.length, 'answer')}, \${count(trip.opened.length, 'tip')} reported as opened\`,
  })
  await writeNewFile(join(replies, \`\${trip.drop}.tar\`), drop)
`,
    way: 'bringAnswers',
  },
  {
    what: 'the name of a backup before its sums',
    path: 'src/backup/write-backup.ts',
    from: `  const isSigned = await writeSums(tree, options, today)
  await tree.settle()
`,
    to: `  await tree.settle()
  const isSigned = false
`,
    way: 'backUp',
  },
  {
    what: 'the card of a key before the key',
    path: 'src/keyring/make-keys.ts',
    from: `    for (const { suffix, content } of made.files) {
`,
    to: `    for (const { suffix, content } of made.files.toReversed()) {
`,
    way: 'makeKey',
  },
  {
    what: 'a key taken back before its card',
    path: 'src/keyring/make-keys.ts',
    from: `    for (const path of ours.toReversed()) rmSync(path, { force: true })
`,
    to: `    for (const path of ours) rmSync(path, { force: true })
`,
    way: 'takeBackKey',
  },
  {
    what: 'a case in the custody log before it is written down',
    path: 'src/desk/opening/write-down.ts',
    from: `    const folder = await createTipFolder(tipLayoutOf(actor.casebook, receipt).folder)
    try {
      const file = await folder.createFile('tip.json')
      await file.write(bytes)
      await file.end()
      await folder.finish(record)
    } finally {
      await folder.discard()
    }
    await recordCustody(actor, [
      {
        action: 'case_written',
        item: receipt,
        sha256: sha256(bytes),
        reason: \`\${way}; opened.json \${sha256(formatJsonDocument(record))}\`,
      },
    ])
`,
    to: `    await recordCustody(actor, [
      {
        action: 'case_written',
        item: receipt,
        sha256: sha256(bytes),
        reason: \`\${way}; opened.json \${sha256(formatJsonDocument(record))}\`,
      },
    ])
    const folder = await createTipFolder(tipLayoutOf(actor.casebook, receipt).folder)
    try {
      const file = await folder.createFile('tip.json')
      await file.write(bytes)
      await file.end()
      await folder.finish(record)
    } finally {
      await folder.discard()
    }
`,
    way: 'writeDown',
  },
  {
    what: 'a Dangerzone copy in its place before the custody log has it',
    path: 'src/desk/opening/dangerzone.ts',
    from: `    await withCasebookLock(actor.casebook, () =>
      publishLogged(actor, [{ temporary: partial, target, entry }]),
    )
`,
    to: `    await (await import('node:fs/promises')).rename(partial, target)
    await (await import('../custody/custody-log.ts')).recordCustody(actor, [entry])
`,
    way: 'convertCopies',
  },
  {
    what: 'a published drop gone from the desk before the book says so',
    path: 'src/desk/replies/take-in-returned.ts',
    from: `    await saveReplyBook(actor, taken, 'indexes that came back')
    await removeDrops(actor.casebook, (drop) => taken.published[drop] === undefined)
`,
    to: `    await removeDrops(actor.casebook, (drop) => taken.published[drop] === undefined)
    await saveReplyBook(actor, taken, 'indexes that came back')
`,
    way: 'takeInReturned',
  },
  {
    what: 'the old pages gone before all new ones are written',
    path: 'src/desk/site/build-site.ts',
    from: `  await rm(fresh, { recursive: true, force: true })
  await mkdir(`,
    to: `  await rm(fresh, { recursive: true, force: true })
  await rm(site, { recursive: true, force: true })
  await mkdir(`,
    way: 'changeCase',
  },
  {
    what: 'a demo keyring before the secrets that open what is sealed to it',
    path: 'src/keyring/demo.ts',
    from: `  const paths = await writeSecrets(dataDir, keys, day)
  await writeOrganisation(keysDir, keys.root, day)
  await writePublic(keysDir, demoKeyring(keys, day), keys.root)
`,
    to: `  await writeOrganisation(keysDir, keys.root, day)
  await writePublic(keysDir, demoKeyring(keys, day), keys.root)
  const paths = await writeSecrets(dataDir, keys, day)
`,
    way: 'holdDemo',
  },
  {
    what: 'a demo keyring before its signature',
    path: 'src/keyring/demo.ts',
    from: `  await writeNewFile(join(keysDir, signatureFileName), signKeyring(bytes, root))
  await writeNewFile(join(keysDir, keyringFileName), bytes)
`,
    to: `  await writeNewFile(join(keysDir, keyringFileName), bytes)
  await writeNewFile(join(keysDir, signatureFileName), signKeyring(bytes, root))
`,
    way: 'holdDemo',
  },
  {
    what: 'a report in its place before the custody log has it',
    path: 'src/cli/report/write.ts',
    from: '    await to.write(bytes)\n',
    to: '    await to.write(bytes)\n    await output.commit()\n    output.commit = async () => {}\n',
    way: 'writeReport',
  },
]
