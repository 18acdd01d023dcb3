// Made by `npm run api:types` from openapi/command-center.json.

export interface paths {
    "/events/recent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events, newest first */
        get: operations["ListRecentEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ops/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The state of every service */
        get: operations["GetMeshHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ops/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The catalogue */
        get: operations["ListServices"];
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
        CatalogueEntry: {
            health_url?: string;
            /** Format: date-time */
            last_seen?: string | null;
            name: string;
            roles_required?: string[];
            source?: string;
            tags?: string[];
            url: string;
            version?: string | null;
        };
        EventPage: {
            /** Format: int32 */
            count: number;
            events: components["schemas"]["StoredEvent"][];
            next_cursor?: string | null;
            status: string;
        };
        MeshHealth: {
            services: {
                [key: string]: components["schemas"]["ServiceHealth"];
            };
            status: string;
        };
        ProblemDetails: {
            detail?: string;
            /** Format: int32 */
            status?: number;
            title?: string;
            trace_id?: string;
            type?: string;
        };
        ServiceHealth: {
            error?: string | null;
            /** Format: int32 */
            http_status?: number | null;
            /** Format: date-time */
            last_checked?: string | null;
            /** Format: double */
            latency_ms?: number | null;
            /** Format: date-time */
            since?: string | null;
            status: string;
            url?: string;
        };
        StoredEvent: {
            client_ip?: string | null;
            event_id: string;
            event_type: string;
            payload: {
                [key: string]: unknown;
            };
            publisher?: string | null;
            /** Format: date-time */
            received_at?: string;
            severity: string;
            source: string;
            tenant_id: string;
            /** Format: date-time */
            timestamp: string;
            trace_id?: string | null;
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
    ListRecentEvents: {
        parameters: {
            query?: {
                cursor?: string;
                event_type?: string;
                limit?: number;
                severity?: string;
                since?: string;
                source?: string;
                tenant_id?: string;
                text?: string;
                trace_id?: string;
                until?: string;
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
                    "application/json": components["schemas"]["EventPage"];
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
    GetMeshHealth: {
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
                    "application/json": components["schemas"]["MeshHealth"];
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
    ListServices: {
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
                        count: number;
                        services: components["schemas"]["CatalogueEntry"][];
                        status: string;
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
