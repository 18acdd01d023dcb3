/** RFC 9457, as every service of the mesh answers. */
interface ProblemDetails {
  title?: string;
  detail?: string;
  status?: number;
  trace_id?: string;
  /** What is wrong with a body or a query, by field. */
  errors?: Record<string, string[]>;
}

/** An answer that was not a success, with what it says about itself. */
export class ApiError extends Error {
  readonly status: number;
  readonly traceId: string | undefined;
  readonly fields: Readonly<Record<string, string>>;

  constructor(status: number, problem: ProblemDetails) {
    super(problem.detail ?? problem.title ?? `The server answered ${status}.`);
    this.name = 'ApiError';
    this.status = status;
    this.traceId = problem.trace_id;
    this.fields = Object.fromEntries(Object.entries(problem.errors ?? {}).map(([field, texts]) => [field, texts.join(' ')]));
  }
}

/** An answer without problem details (a proxy's page, an empty body) still gets its status. */
export function asApiError(response: Response, body: unknown): ApiError {
  return new ApiError(response.status, typeof body === 'object' && body !== null ? (body as ProblemDetails) : {});
}

/** What a refused body has wrong, by field; of anything else nothing. */
export const fieldErrors = (error: unknown): Readonly<Record<string, string>> => (error instanceof ApiError ? error.fields : {});

export function explain(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  if (error instanceof TypeError) return 'The web server does not answer.';
  return error instanceof Error ? error.message : String(error);
}
