import { expect, it } from 'vitest';
import { fileKind } from '../../src/layer/magic.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

it.each([
  ['', 'empty file'],
  ['hello\n', 'text'],
  ['#!/bin/sh\n', 'script for /bin/sh'],
  ['#!/usr/bin/env python3\n', 'script for python3'],
  ['SQLite format 3\0', 'SQLite database'],
  ['\x89PNG\r\n\x1a\n', 'PNG image'],
  ['\xfe\xed\xfe\xed\0\0\0\x02', 'Java keystore'],
  [`-----BEGIN ${'CERTIFICATE'}-----\nMIIB`, 'PEM: certificate'],
  ['\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0', 'ELF 64-bit program or shared library, x86-64'],
  ['\0\x01\x02\x03', 'binary data'],
  ['caf\xc3\xa9 au lait\n', 'text'],
])('detects %j as %s', (head, title) => {
  expect(fileKind(bytes(head)).title).toBe(title);
});
