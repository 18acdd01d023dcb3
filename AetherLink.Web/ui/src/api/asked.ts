/** By its path, an answer that is on its way; of nothing, where there was nothing to ask. */
export type Asked = Record<string, Promise<Response | undefined> | undefined>;

declare global {
  interface Window {
    /** What public/start.js has asked before the application was there. */
    aetherlinkAsked?: Asked;
  }
}

/** Takes what was asked before: each answer once, by the first who wants it. What failed is asked again. */
export const takingFrom = (asked: Asked, ask: (request: Request) => Promise<Response>) => async (request: Request): Promise<Response> => {
  const { pathname, search } = new URL(request.url);
  const answer = request.method === 'GET' && search === '' ? asked[pathname] : undefined;
  if (!answer) return ask(request);
  delete asked[pathname];
  return (await answer.catch(() => undefined)) ?? ask(request);
};
