// Made by `npm run api:types` from openapi/auto-heal.json.

export interface paths {
    "/audit/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many requests, how many denied, which paths most. */
        get: operations["AuditStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/autoheal/{target}/restart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restarts a target, if the governor allows it; force overrides it, and is on record.
         * @description For one of admin.
         */
        post: operations["RestartTarget"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/autoheal/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The last heals, newest first. */
        get: operations["GetHealHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/autoheal/maintenance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The windows that are open or to come.
         * @description For one of admin.
         */
        get: operations["GetMaintenance"];
        put?: never;
        /**
         * Keeps the healer off one target, or off all, until a time.
         * @description For one of admin.
         */
        post: operations["OpenMaintenance"];
        /**
         * Ends the windows of one target, or those over all.
         * @description For one of admin.
         */
        delete: operations["EndMaintenance"];
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
        /** Heals in figures. */
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
        /** What is watched, and why a target is left alone. */
        get: operations["GetHealStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The healer is up, with or without Postgres. */
        get: operations["GetHealth"];
        put?: never;
        post?: never;
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
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
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
        FleetStatus: {
            braked: boolean;
            /** Format: int32 */
            counted: number;
            /** Format: int32 */
            down: number;
            /** Format: int32 */
            restarts_last_hour: number;
            /** Format: int32 */
            restarts_per_hour: number;
        };
        HealEntry: {
            action: string;
            /** Format: double */
            duration_ms: number;
            forced: boolean;
            msg: string;
            reason: string;
            requested_by: null | string;
            service: string;
            success: boolean;
            /** Format: int64 */
            timestamp: number;
            verified: boolean;
        };
        HealerHealth: {
            service: string;
            status: string;
            storage: string;
            version: string;
        };
        HealerStatus: {
            fleet: components["schemas"]["FleetStatus"];
            /** Format: double */
            interval_seconds: number;
            last_report: components["schemas"]["LastReport"];
            targets: components["schemas"]["TargetStatus"][];
            watching: string[];
        };
        HealHistory: {
            history: components["schemas"]["HealEntry"][];
            /** Format: int32 */
            limit: number;
            /** Format: int32 */
            total_in_history: number;
        };
        HealStats: {
            /** Format: int32 */
            failed: number;
            most_healed: null | string;
            services: {
                [key: string]: number;
            };
            /** Format: double */
            success_rate: number;
            /** Format: int32 */
            successful: number;
            /** Format: int32 */
            total_attempts: number;
        };
        LastReport: {
            attempts: components["schemas"]["HealEntry"][];
            /** Format: date-time */
            last_run: null | string;
        };
        MaintenanceEnded: {
            /** Format: int32 */
            ended: number;
            status: string;
        };
        MaintenanceList: {
            windows: components["schemas"]["MaintenanceWindow"][];
        };
        MaintenanceRequest: {
            /** @default false */
            all: boolean;
            reason: null | string;
            target?: null | string;
            /** Format: date-time */
            until: null | string;
        };
        MaintenanceWindow: {
            created_by: string;
            /** Format: uuid */
            id: string;
            reason: string;
            /** Format: date-time */
            starts_at: string;
            target?: null | string;
            /** Format: date-time */
            until: string;
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
        RestartAccepted: {
            action: string;
            /** Format: uuid */
            heal_id: string;
            status: string;
            target: string;
        };
        RestartRequest: {
            /** @default false */
            force: boolean;
            reason: null | string;
        };
        TargetStatus: {
            /** Format: int32 */
            consecutive_failures: number;
            /** Format: date-time */
            cooldown_until: null | string;
            kind: string;
            name: string;
            reason: string;
            /** Format: int32 */
            restarts_last_hour: number;
            state: string;
            suppressed_by: null | string;
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
        };
    };
    RestartTarget: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                target: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RestartRequest"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RestartAccepted"];
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
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
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
        };
    };
    GetMaintenance: {
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
                    "application/json": components["schemas"]["MaintenanceList"];
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
    OpenMaintenance: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MaintenanceRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MaintenanceWindow"];
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
    EndMaintenance: {
        parameters: {
            query?: {
                all?: boolean;
                target?: string;
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
                    "application/json": components["schemas"]["MaintenanceEnded"];
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
                    "application/json": components["schemas"]["HealStats"];
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
                    "application/json": components["schemas"]["HealerStatus"];
                };
            };
        };
    };
    GetHealth: {
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
                    "application/json": components["schemas"]["HealerHealth"];
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
}
