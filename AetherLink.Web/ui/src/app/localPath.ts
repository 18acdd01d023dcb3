/**
 * Only paths of this site: a link must not be able to send a person elsewhere after the sign-in. Browsers read a backslash as a
 * slash, and drop tabs and line ends. The gateway's own rule (LocalPath.cs) is the same.
 */
export function localPath(to: unknown): to is string {
  return typeof to === 'string' && /^\/(?!\/|api\/)[\x21-\x5b\x5d-\x7e]*$/i.test(to);
}
