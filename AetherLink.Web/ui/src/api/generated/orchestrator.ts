// Made by `npm run api:types` from openapi/orchestrator.json.

export interface paths {
    "/audit/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How many requests, how many denied, which paths most.
         * @description For one of agent, operator, admin.
         */
        get: operations["AuditStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orchestrate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answers an intent by the first provider of the chain that can.
         * @description For one of agent, operator, admin, or a service with scope ai.run.
         */
        post: operations["Orchestrate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ping": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who answers here. */
        get: operations["Ping"];
        put?: never;
        post?: never;
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
        /**
         * How each provider of the chain is, from its own calls.
         * @description For one of agent, operator, admin.
         */
        get: operations["ProvidersHealth"];
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
        AllFailedDetail: {
            errors: components["schemas"]["ProviderError"][];
            intent: string;
            /** Format: double */
            latency_ms: number;
            message: string;
            provider_order: string[];
            tenant_id: string;
        };
        AllFailedProblem: {
            detail: components["schemas"]["AllFailedDetail"];
            errors: components["schemas"]["ProviderError"][];
            intent: string;
            /** Format: double */
            latency_ms: number;
            message: string;
            provider_order: string[];
            /** Format: int32 */
            status: number;
            tenant_id: string;
            title: string;
            trace_id: null | string;
        };
        Attempt: {
            error: null | string;
            error_class: null | string;
            /** Format: double */
            latency_ms: number;
            outcome: string;
            provider: string;
        };
        /** @description What `/audit/stats` answers. */
        AuditSummary: {
            by_path: {
                [key: string]: number;
            };
            by_status: {
                [key: string]: number;
            };
            /** Format: int64 */
            denied_401_unauthorized: number;
            /** Format: int64 */
            denied_403_forbidden: number;
            /** Format: int64 */
            total_requests: number;
        };
        /** @enum {unknown} */
        CircuitPhase: "closed" | "open" | "half_open";
        JsonElement: unknown;
        LatencyQuantiles: {
            /** Format: double */
            p50: null | number;
            /** Format: double */
            p95: null | number;
        };
        OrchestrateAnswer: {
            attempts: components["schemas"]["Attempt"][];
            intent: string;
            /** Format: double */
            latency_ms: number;
            model: null | string;
            /** Format: double */
            overhead_ms: number;
            provider: string;
            result: unknown;
            status: string;
            usage: components["schemas"]["Usage"];
            used_provider: string;
        };
        ProblemDetails: {
            detail?: null | string;
            instance?: null | string;
            /** Format: int32 */
            status?: null | number;
            title?: null | string;
            trace_id?: string;
            type?: null | string;
        };
        ProviderError: {
            error: string;
            provider: string;
        };
        ProviderHealth: {
            configured: boolean;
            /** Format: int64 */
            failed_calls: number;
            healthy: boolean;
            /** Format: int32 */
            in_flight: number;
            /** Format: date-time */
            last_checked: null | string;
            last_error: null | string;
            latency_ms: components["schemas"]["LatencyQuantiles"];
            state: components["schemas"]["CircuitPhase"];
            /** Format: double */
            success_rate: null | number;
            /** Format: int64 */
            total_calls: number;
        };
        Usage: {
            /** Format: double */
            cost_usd: number;
            /** Format: int64 */
            input_tokens: number;
            /** Format: int64 */
            output_tokens: number;
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
    AuditStats: {
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
                    "application/json": components["schemas"]["AuditSummary"];
                };
            };
            /** @description Nobody in particular asked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Insufficient permissions. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    Orchestrate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JsonElement"];
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
            /** @description Nobody in particular asked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Bad Gateway */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AllFailedProblem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    Ping: {
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
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    ProvidersHealth: {
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
            /** @description Nobody in particular asked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Insufficient permissions. */
            403: {
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
