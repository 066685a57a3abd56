import { texture } from '../entropy.ts';
import { byteSet } from '../gate.ts';
import { isKeyFingerprint, isSecretName } from '../names.ts';
import { knownExampleReason, placeholderReason } from '../placeholders.ts';
import type { Judgement, Validator } from './candidate.ts';

/** Expressions of programming languages that may occur in place of a value. */
const EXPRESSION =
  /^(?:[A-Za-z_$][\w$]*(?:\.|->|::)[\w$.>:-]+|(?:self|this|os|process|env|config|settings|args|options|request|params|ctx|event|data|node|opts|ctypes|std|new|function|return|await|lambda|not|is|in|if|else)\b.*|[A-Z][A-Z0-9_]*|[a-z]+(?:_[a-z]+)*|[a-z]+(?:[A-Z][a-z]+)*|[A-Z][a-z]+(?:[A-Z][a-z]+)*)$/;

const NOT_SECRET =
  /^(?:https?|ftp|file|s3|gs|data|urn|mailto):|^(?:\.{0,2}|~)\/|^[A-Za-z]:\\|^sha(?:1|256|384|512)[-:]|^md5[-:]|^[\w.+-]+@[\w-]+\.[\w.]+$|^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|^#?[0-9a-f]{3,8}$|^-?\d+(?:\.\d+)*(?:px|em|ms|s|m|h|d|%)?$|^\/\^|^arn:|^vault:|^secret:|^ssm:|^op:\/\//i;

function isQuoted(whole: string, value: string): boolean {
  const at = whole.lastIndexOf(value);
  return at > 0 && /["']/.test(whole.charAt(at - 1));
}

/** Rules whose value has a name before it; other rules find a value by the command that takes it. */
const NAMED = /-assignment$|^password-option$/;

/** Characters of names. */
const NAME = byteSet('\\w.-');

/** Returns the name that is assigned to: the characters around the anchor's word. */
function assignedName(before: string, whole: string): string {
  let start = before.length;
  while (start > 0 && NAME[before.charCodeAt(start - 1)] === 1) start--;
  const tail = /^[\w.-]*/.exec(whole)?.[0] ?? '';
  return before.slice(start) + tail;
}

/**
 * Validates the value assigned to a secret-like name. Expressions, paths, URLs and plain words are not
 * credentials; templates and placeholders are suppressed. A random value is likely a credential; any other is
 * a guess.
 */
export const assignment: Validator = ({ value, whole, before, rule }) => {
  const name = assignedName(before(60), whole);
  const shown = { name: name.slice(-60) };
  if (NAMED.test(rule.id) && (!isSecretName(name) || isKeyFingerprint(name, value))) return null;
  if (NOT_SECRET.test(value)) return null;
  const quoted = isQuoted(whole, value);
  const known = knownExampleReason(value);
  if (known !== null) return { verdict: 'known-example', reason: known, details: shown };
  const reason = placeholderReason(value);
  // An upper case name is a setting, whose value is not an expression; elsewhere a bare word usually is one.
  const setting = /^[A-Z][A-Z0-9_]{3,}$/.test(name);
  const expression = !quoted && EXPRESSION.test(value);
  if (expression && !setting && reason?.startsWith('contains') !== true) return null;
  if (reason !== null) return { verdict: 'placeholder', reason, details: shown };
  const guess = (confidence: 'low' | 'medium'): Judgement => ({
    verdict: 'pattern-only',
    confidence,
    details: shown,
  });
  const look = texture(value);
  if (look === 'random' && value.length >= 12) return guess('medium');
  if (/\s/.test(value) || value.length > 128) return null;
  const named = rule.id.startsWith('password') || rule.id.includes('login') || rule.id.startsWith('sshpass');
  if (look === 'words' && setting && named && /^[a-z]/.test(value)) return guess('low');
  if (look === 'words') return named && quoted && !/[^\w!@#$%^&*.-]/.test(value) ? guess('low') : null;
  return named || value.length >= 12 ? guess('low') : null;
};
