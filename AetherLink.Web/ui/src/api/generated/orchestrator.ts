// Made by `npm run api:types` from openapi/orchestrator.json.

export interface paths {
    "/orchestrate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run an intent over the provider chain */
        post: operations["Orchestrate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/providers/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The providers and their breakers */
        get: operations["GetProviderHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Attempt: {
            error?: string | null;
            /** Format: double */
            latency_ms?: number | null;
            model?: string | null;
            outcome?: string;
            provider: string;
        };
        OrchestrateAnswer: {
            attempts: components["schemas"]["Attempt"][];
            intent: string;
            /** Format: double */
            latency_ms: number;
            model?: string | null;
            /** Format: double */
            overhead_ms?: number;
            provider?: string;
            result: {
                [key: string]: unknown;
            };
            status: string;
            usage?: {
                [key: string]: unknown;
            } | null;
            used_provider: string;
        };
        OrchestrateRequest: {
            intent: string;
            payload: {
                [key: string]: unknown;
            };
            tenant_id: string;
        };
        ProblemDetails: {
            detail?: string;
            /** Format: int32 */
            status?: number;
            title?: string;
            trace_id?: string;
            type?: string;
        };
        ProviderHealth: {
            /** Format: int32 */
            failed_calls?: number;
            healthy: boolean;
            /** Format: int32 */
            in_flight?: number;
            /** Format: date-time */
            last_checked?: string | null;
            last_error?: string | null;
            latency_ms?: {
                /** Format: double */
                p50?: number | null;
                /** Format: double */
                p95?: number | null;
            };
            state: string;
            /** Format: double */
            success_rate?: number;
            /** Format: int32 */
            total_calls?: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    Orchestrate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OrchestrateRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrchestrateAnswer"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    GetProviderHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: components["schemas"]["ProviderHealth"];
                    };
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
}
