// Made by `npm run api:types` from openapi/auto-heal.json.

export interface paths {
    "/autoheal/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The last heals, newest first */
        get: operations["GetHealHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/autoheal/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Heals in figures */
        get: operations["GetHealStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/autoheal/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is watched, and why a target is left alone */
        get: operations["GetHealStatus"];
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
        Heal: {
            action: string;
            /** Format: double */
            duration_ms?: number | null;
            msg?: string | null;
            reason?: string | null;
            service: string;
            success: boolean;
            /** Format: double */
            timestamp: number;
            verified?: boolean | null;
        };
        HealHistory: {
            history: components["schemas"]["Heal"][];
            /** Format: int32 */
            limit: number;
            /** Format: int32 */
            total_in_history: number;
        };
        HealStatus: {
            /** Format: double */
            interval_seconds: number;
            targets?: components["schemas"]["HealTarget"][];
            watching: string[];
        };
        HealTarget: {
            /** Format: int32 */
            consecutive_failures?: number;
            /** Format: date-time */
            cooldown_until?: string | null;
            kind?: string;
            name: string;
            /** Format: int32 */
            restarts_last_hour?: number;
            state: string;
            suppressed_by?: string | null;
        };
        ProblemDetails: {
            detail?: string;
            /** Format: int32 */
            status?: number;
            title?: string;
            trace_id?: string;
            type?: string;
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
    GetHealHistory: {
        parameters: {
            query?: {
                limit?: number;
            };
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
                    "application/json": components["schemas"]["HealHistory"];
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
    GetHealStats: {
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
                        /** Format: int32 */
                        failed: number;
                        most_healed?: string | null;
                        services?: {
                            [key: string]: number;
                        };
                        /** Format: double */
                        success_rate: number;
                        /** Format: int32 */
                        successful: number;
                        /** Format: int32 */
                        total_attempts: number;
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
    GetHealStatus: {
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
                    "application/json": components["schemas"]["HealStatus"];
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
