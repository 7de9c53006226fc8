// Made by `npm run client` from the OpenAPI document. Do not edit.

export interface paths {
    "/api/v1/webhooks/whatsapp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Handshake: repeats the challenge when the verify token is right
         * @description Meta asks with hub.mode, hub.verify_token and hub.challenge.
         *
         *     Needs no key.
         */
        get: operations["get_webhooks_whatsapp"];
        put?: never;
        /**
         * Events from Meta, signed with X-Hub-Signature-256
         * @description Answers 200 once the events are stored durably.
         *
         *     Needs no key.
         */
        post: operations["post_webhooks_whatsapp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * This process answers
         * @description Needs no key.
         */
        get: operations["get_health_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * This process can do its work: the database is there; 503 when not
         * @description Needs no key.
         */
        get: operations["get_health_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * For Prometheus (with a key that may `metrics` as bearer token)
         * @description Needs the right `metrics`.
         */
        get: operations["get_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in by name; sets the session cookie
         * @description Whoever has a second factor gives `code` too; without it the answer to a right password is 401 `second_factor_needed`. After five wrong tries each further one waits longer (429, `retry_after`).
         *
         *     Needs no key.
         */
        post: operations["post_auth_login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End this session
         * @description Needs no key.
         */
        post: operations["post_auth_logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is calling, and what they may do
         * @description Needs the right `read`.
         */
        get: operations["get_auth_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change one's own password; all other sessions end
         * @description Needs the right `read`.
         */
        post: operations["post_auth_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/invitation/look": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * For whom a link is, without using it
         * @description Needs no key.
         */
        post: operations["post_auth_invitation_look"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Use a link: set the password and be logged in
         * @description Whoever has a second factor gives `code` too; without it the link is not used up (401 `second_factor_needed`).
         *
         *     Needs no key.
         */
        post: operations["post_auth_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout-everywhere": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End all of one's own sessions
         * @description Needs the right `read`.
         */
        post: operations["post_auth_logout_everywhere"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where one is logged in, the last used first
         * @description Needs the right `read`.
         */
        get: operations["get_auth_sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End one of one's own sessions
         * @description Needs the right `read`.
         */
        delete: operations["delete_auth_sessions_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions/end-others": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End all of one's own sessions but this one
         * @description Needs the right `read`.
         */
        post: operations["post_auth_sessions_end_others"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether one's own login asks for a second factor
         * @description Needs the right `read`.
         */
        get: operations["get_auth_second_factor"];
        put?: never;
        /**
         * Begin to set up a second factor; nothing changes until it is confirmed
         * @description Asked again before it is confirmed, it makes another secret and the earlier one is worth nothing.
         *
         *     Needs the right `read`.
         */
        post: operations["post_auth_second_factor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/second-factor/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm it with a code of the app; from now on logging in asks for one, and all other sessions end
         * @description Needs the right `read`.
         */
        post: operations["post_auth_second_factor_confirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/second-factor/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * New recovery codes; the earlier ones stop working
         * @description Needs the right `read`.
         */
        post: operations["post_auth_second_factor_recovery_codes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/second-factor/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in by password alone again
         * @description Needs the right `read`.
         */
        post: operations["post_auth_second_factor_disable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who may log in
         * @description Needs the right `admin`.
         */
        get: operations["get_people"];
        put?: never;
        /**
         * Invite somebody by link
         * @description A repeated Idempotency-Key makes no second link and is refused with 409: the first one is not stored and cannot be shown again.
         *
         *     Needs the right `admin`.
         */
        post: operations["post_people"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people/{id}/invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A new link, for a lost one or a lost password
         * @description A repeated Idempotency-Key makes no second link and is refused with 409: the first one is not stored and cannot be shown again.
         *
         *     Needs the right `admin`.
         */
        post: operations["post_people_id_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change a role, disable or enable; disabling ends all sessions of the person
         * @description Needs the right `admin`.
         */
        put: operations["put_people_id"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people/{id}/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take the second factor away from somebody who has lost it; ends all sessions of the person
         * @description Needs the right `admin`.
         */
        delete: operations["delete_people_id_second_factor"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * API keys
         * @description Needs the right `admin`.
         */
        get: operations["get_keys"];
        put?: never;
        /**
         * Make a key; it is shown this once
         * @description A repeated Idempotency-Key makes no second key and is refused with 409: the first one is not stored and cannot be shown again.
         *
         *     Needs the right `admin`.
         */
        post: operations["post_keys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a key; it opens nothing from the next request on
         * @description Needs the right `admin`.
         */
        delete: operations["delete_keys_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who did what, newest first
         * @description Needs the right `read`.
         */
        get: operations["get_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Campaigns
         * @description Needs the right `read`.
         */
        get: operations["get_campaigns"];
        put?: never;
        /**
         * Make a campaign
         * @description With `scheduled_at` it starts by itself, which needs the right `send` as well.
         *
         *     Needs the right `write`.
         */
        post: operations["post_campaigns"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One campaign
         * @description Needs the right `read`.
         */
        get: operations["get_campaigns_id"];
        /**
         * Change the named fields of a draft or scheduled campaign
         * @description `scheduled_at` schedules a draft; `null` takes the schedule back. What changes what will be sent by itself needs the right `send` as well: a schedule, and every other field of a scheduled campaign.
         *
         *     Needs the right `write`.
         */
        put: operations["put_campaigns_id"];
        post?: never;
        /**
         * Delete a campaign that has sent nothing
         * @description Needs the right `write`.
         */
        delete: operations["delete_campaigns_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The figures, in constant time whatever the size
         * @description Needs the right `read`.
         */
        get: operations["get_campaigns_id_stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/chart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Accepted, delivered, read and failed by minute; minutes without any are left out
         * @description Needs the right `read`.
         */
        get: operations["get_campaigns_id_chart"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/preflight": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What would block or hurt a start
         * @description Needs the right `read`.
         */
        get: operations["get_campaigns_id_preflight"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/costs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What it was to cost, what it cost, and why the two differ
         * @description Needs the right `read`.
         */
        get: operations["get_campaigns_id_costs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A real row of the campaign as the person will see it
         * @description Needs the right `read`.
         */
        get: operations["get_campaigns_id_preview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm the version a start would send, where it is not the one that was looked at
         * @description Text, category, language, mapping or price have changed since a preview or preflight showed them; the preflight shows both versions. A scheduled or paused campaign needs the right `send` as well.
         *
         *     Needs the right `write`.
         */
        post: operations["post_campaigns_id_confirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start; answers once it is durable
         * @description Needs the right `send`.
         */
        post: operations["post_campaigns_id_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go on after a pause
         * @description Needs the right `send`.
         */
        post: operations["post_campaigns_id_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/unschedule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take the schedule back: a draft again
         * @description Needs the right `write`.
         */
        post: operations["post_campaigns_id_unschedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause; nothing new leaves after the answer
         * @description Needs the right `write`.
         */
        post: operations["post_campaigns_id_pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel for good; whoever has not left is not written to
         * @description Needs the right `write`.
         */
        post: operations["post_campaigns_id_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/schedule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start at a time
         * @description What would make it fail at that time, as things stand now, comes with the answer as `warnings`.
         *
         *     Needs the right `send`.
         */
        post: operations["post_campaigns_id_schedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try failed messages again: those whose code allows it and whose waiting time is over
         * @description Needs the right `send`.
         */
        post: operations["post_campaigns_id_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/resolve-unknown": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide on messages of unknown outcome, after the grace time
         * @description `close` leaves them in their box for good, where they are not open any more; `resend` writes to these people again and may reach somebody twice. Those still within the grace time are left as they are and told in `within_grace`; when there are no others it is 409 `grace_time_not_over`.
         *
         *     Needs the right `send`.
         */
        post: operations["post_campaigns_id_resolve_unknown"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/duplicate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A new draft with the same settings and without people
         * @description Needs the right `write`.
         */
        post: operations["post_campaigns_id_duplicate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/recipients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is written to, and what became of each
         * @description Needs the right `read`.
         */
        get: operations["get_campaigns_id_recipients"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/recipients/{recipient_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One message's full history
         * @description Needs the right `read`.
         */
        get: operations["get_campaigns_id_recipients_recipient_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/upload-recipients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put the people of a file on the list: all of it or nothing
         * @description Needs the right `send` as well where the people would be written to without another word: in a campaign that is running, paused, scheduled or completed.
         *
         *     Needs the right `write`.
         */
        post: operations["post_campaigns_id_upload_recipients"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The files of a campaign, the newest first
         * @description Needs the right `read`.
         */
        get: operations["get_campaigns_id_uploads"];
        put?: never;
        /**
         * Read a file and show what would become of it; nobody is on the list yet
         * @description The answer comes when the file has been read. It is kept for 24 hours: read it again with other answers, mend rows, then publish or discard it.
         *
         *     Needs the right `write`.
         */
        post: operations["post_campaigns_id_uploads"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/uploads/{upload_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How an unpublished file was read, and what would become of it
         * @description Needs the right `read`.
         */
        get: operations["get_campaigns_id_uploads_upload_id"];
        put?: never;
        post?: never;
        /**
         * Take the people of one file off the list of a campaign that has sent nothing
         * @description In a draft or scheduled campaign; a scheduled one needs the right `send` as well, as for an upload. Answers when everybody is off. People whom a later file repeated were duplicates there: upload that file again.
         *
         *     Needs the right `write`.
         */
        delete: operations["delete_campaigns_id_uploads_upload_id"];
        options?: never;
        head?: never;
        /**
         * Read an unpublished file again, with other answers
         * @description Answers that are not named stay; null leaves one to the program again. An empty object reads it again as before, as after a change of the template or its mapping. Mended rows stay while encoding, delimiter, sheet and heading stay.
         *
         *     Needs the right `write`.
         */
        patch: operations["patch_campaigns_id_uploads_upload_id"];
        trace?: never;
    };
    "/api/v1/campaigns/{id}/uploads/{upload_id}/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The rows of an unpublished file that would put nobody on the list
         * @description Needs the right `read`.
         */
        get: operations["get_campaigns_id_uploads_upload_id_rows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/uploads/{upload_id}/rows/{row}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Mend a row of an unpublished file; the file itself stays as it is
         * @description Needs the right `write`.
         */
        put: operations["put_campaigns_id_uploads_upload_id_rows_row"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/uploads/{upload_id}/rows/{row}/include": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept a row in spite of what is said against it, where `may_include` allows it
         * @description Needs the right `write`.
         */
        post: operations["post_campaigns_id_uploads_upload_id_rows_row_include"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/uploads/{upload_id}/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put the people of an unpublished file on the list: all of it or nothing
         * @description Reads the file once more as it was corrected; who opted out or came onto the list since then is seen. Needs the right `send` as well in a campaign that is running, paused, scheduled or completed.
         *
         *     Needs the right `write`.
         */
        post: operations["post_campaigns_id_uploads_upload_id_publish"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/export.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The results as CSV, one line a person
         * @description Needs the right `read`.
         */
        get: operations["get_campaigns_id_export_csv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/rejected.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The refused rows of all files, with the reason
         * @description Needs the right `read`.
         */
        get: operations["get_campaigns_id_rejected_csv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/uploads/{upload_id}/rejected.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The refused rows of one file, with the reason; corrected, it can be uploaded as it is
         * @description Needs the right `read`.
         */
        get: operations["get_campaigns_id_uploads_upload_id_rejected_csv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Templates, as last synced from Meta
         * @description Needs the right `read`.
         */
        get: operations["get_templates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/templates/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One template in all its languages, or in one
         * @description Needs the right `read`.
         */
        get: operations["get_templates_name"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/templates/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fetch Meta's list now
         * @description Needs the right `write`.
         */
        post: operations["post_templates_sync"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/templates/{name}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A row as the person will see it
         * @description Needs the right `read`.
         */
        post: operations["post_templates_name_preview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/templates/send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send one message to one number, by the road all messages take
         * @description Needs the right `send`.
         */
        post: operations["post_templates_send"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/templates/send/{campaign_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What became of a test send
         * @description By the `campaign_id` of its answer (`test_id` where it was refused). Settled by webhooks like every message.
         *
         *     Needs the right `read`.
         */
        get: operations["get_templates_send_campaign_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/campaigns/{id}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One campaign, live
         * @description text/event-stream. The first event is the whole state, then changes, at most five a second. Default event name, JSON in `data`.
         *
         *     Needs the right `read`.
         */
        get: operations["get_events_campaigns_id_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/campaigns/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All campaigns, live
         * @description text/event-stream, as for one campaign.
         *
         *     Needs the right `read`.
         */
        get: operations["get_events_campaigns_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/ticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A ticket for EventSource, which cannot send a header
         * @description Needs the right `read`.
         */
        post: operations["post_events_ticket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/opt-outs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who must not be written to, the newest first
         * @description The doubtful ones are listed only with `scope=doubtful`: they are no opt-outs before somebody has decided.
         *
         *     Needs the right `read`.
         */
        get: operations["get_opt_outs"];
        put?: never;
        /**
         * Never write to this person again; holds at once, in running campaigns too
         * @description Needs the right `write`.
         */
        post: operations["post_opt_outs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/opt-outs/{phone}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * This person may be written to again; the proof of the opt-out, and of who lifted it, is kept
         * @description Needs the right `send`.
         */
        delete: operations["delete_opt_outs_phone"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/opt-outs/{phone}/trail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All that was said about writing to this person: whose words, which, when, and who of us acted
         * @description Needs the right `read`.
         */
        get: operations["get_opt_outs_phone_trail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/opt-outs/export.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The list with its proof as CSV; another installation takes it as a suppression list
         * @description Needs the right `read`.
         */
        get: operations["get_opt_outs_export_csv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/opt-out-phrases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Words and sentences of your own that opt out, are doubtful, or stop nobody; they come before those of the program
         * @description Needs the right `read`.
         */
        get: operations["get_opt_out_phrases"];
        put?: never;
        /**
         * Add a phrase, or give one another meaning; holds for what is written from now on
         * @description Needs the right `write`.
         */
        post: operations["post_opt_out_phrases"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/opt-out-phrases/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take a phrase of your own back
         * @description Needs the right `write`.
         */
        delete: operations["delete_opt_out_phrases_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/opt-outs/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bring a suppression list: a file as for recipients, or JSON
         * @description A form with `file` (CSV, .xlsx, .ods of any size, read as a list of recipients is, with the same fields) and, if wanted, `scope` and `note`; or JSON `{"opt_outs": [...], "scope", "note"}`. `valid_rows` are new on the list; whoever is on it stays with the earlier proof (`duplicate_rows`). A file with a column that says who does not want messages adds only those. Read in parts: what was read holds also when the rest is cut off.
         *
         *     Needs the right `write`.
         */
        post: operations["post_opt_outs_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/spending": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is spent, and what may be
         * @description Needs the right `read`.
         */
        get: operations["get_spending"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/spending/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Limit what all campaigns together may spend
         * @description Only the named ones change. A campaign is paused before one is passed, also with several workers. Holds for every claim that begins after the answer.
         *
         *     Needs the right `admin`.
         */
        put: operations["put_spending_limits"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rate-cards": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Rate cards, the operator's own and the program's
         * @description Needs the right `read`.
         */
        get: operations["get_rate_cards"];
        put?: never;
        /**
         * Load a rate card; one of the same currency and day is replaced
         * @description Needs the right `admin`.
         */
        post: operations["post_rate_cards"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rate-cards/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take an own rate card off
         * @description Needs the right `admin`.
         */
        delete: operations["delete_rate_cards_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/replies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What people wrote, the newest first
         * @description Needs the right `read`.
         */
        get: operations["get_replies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/replies/{id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Somebody has read it
         * @description Needs the right `write`.
         */
        post: operations["post_replies_id_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/replies/{id}/decide": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide whether a reply is an opt-out
         * @description Also for one that was not doubtful: a "no" that only a person understands. Deciding that it is none lifts what held this person back from marketing, but no opt-out.
         *
         *     Needs the right `send`.
         */
        post: operations["post_replies_id_decide"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Mode, number, pace, processes, webhooks
         * @description Needs the right `read`.
         */
        get: operations["get_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was wrong, from when until when: what goes on first, then the newest
         * @description Needs the right `read`.
         */
        get: operations["get_alarms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stop-everything": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause every campaign on every number at once, and let none start
         * @description Needs the right `write`.
         */
        post: operations["post_stop_everything"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lift-stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let campaigns start again; the paused ones are resumed one by one, by a person
         * @description Needs the right `send`.
         */
        post: operations["post_lift_stop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Apply stored webhooks again; what was right stays as it is
         * @description Needs the right `admin`.
         */
        post: operations["post_webhooks_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/recount": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Proof of the figures: counters against a count of the rows, in one snapshot
         * @description Takes as long as the campaign is large. With the journal it takes as long as that is, and needs the right `admin`. One at a time.
         *
         *     Needs the right `read`.
         */
        get: operations["get_campaigns_id_recount"];
        put?: never;
        /**
         * Recount, and put right what is wrong
         * @description Needs the right `admin`.
         */
        post: operations["post_campaigns_id_recount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/backup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The embedded database as one archive (.tar.gz), as it is at this moment
         * @description Needs the right `admin`.
         */
        get: operations["get_backup"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/erasures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Forget a person everywhere; what was said about not writing to them still holds
         * @description Lists, replies, opt-outs, refused rows, unpublished uploads, kept answers, the audit log and the journal of webhooks. The figures of campaigns stay as they are. Give `phone` or `user_id`. The same call again does what an interrupted one left. Backups and what was exported are yours to delete; a restored backup is erased again by itself at the next start.
         *
         *     Needs the right `admin`.
         */
        post: operations["post_erasures"];
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
        NewRateCard: {
            /** @description The text of Meta's file, as downloaded or as Excel saved it */
            csv: string;
            /** @description Volume tiers: Market, Category, From, Rate */
            tiers_csv?: string;
            /** @description Unless the file names it */
            currency?: string;
            /**
             * Format: date
             * @description Unless the file names it
             */
            effective_from?: string;
            filename?: string;
        };
        SpendingLimits: {
            /** @description What all campaigns together may spend in a month; null takes the limit off */
            monthly?: string | null;
            /** @description A day, for numbers outside the home countries; null takes the limit off */
            abroad_daily?: string | null;
            /** @description ISO codes */
            home_countries?: string[];
            /** @description Where days and months begin, as America/Bogota */
            time_zone?: string;
        };
        /**
         * @description Without a template it stays a draft until one is chosen. `template_name` and `template_language` come together.
         * @example {
         *       "name": "Mi Campaña",
         *       "template_name": "bienvenida",
         *       "template_language": "es",
         *       "description": "Campaña de bienvenida"
         *     }
         */
        NewCampaign: {
            name: string;
            template_name?: string;
            template_language?: string;
            description?: string | null;
            /** @description Variable of the template -> column of the file or fixed text; what is left open is guessed from the names of the columns */
            mapping?: {
                [key: string]: {
                    column: string;
                } | {
                    value: string;
                };
            };
            scheduled_at?: string | null;
            /** @description Messages a batch; null = no batches; left out = CAMPAIGN_BATCH_SIZE */
            batch_size?: number | null;
            /** @description Seconds; left out = CAMPAIGN_DELAY_BETWEEN_BATCHES */
            delay_between_batches?: number;
            /** @description A ceiling of this campaign's own below the number's */
            messages_per_second?: number | null;
            /** @description It pauses before its messages cost more; may be changed while it runs */
            budget?: string | null;
        };
        /** @description Only the fields that are named change */
        CampaignChanges: {
            name?: string;
            /** @description null takes the template off, with its language */
            template_name?: string | null;
            template_language?: string;
            description?: string | null;
            /** @description Variable of the template -> column of the file or fixed text; what is left open is guessed from the names of the columns */
            mapping?: {
                [key: string]: {
                    column: string;
                } | {
                    value: string;
                };
            };
            scheduled_at?: string | null;
            /** @description Messages a batch; null = no batches; left out = CAMPAIGN_BATCH_SIZE */
            batch_size?: number | null;
            /** @description Seconds; left out = CAMPAIGN_DELAY_BETWEEN_BATCHES */
            delay_between_batches?: number;
            /** @description A ceiling of this campaign's own below the number's */
            messages_per_second?: number | null;
            /** @description It pauses before its messages cost more; may be changed while it runs */
            budget?: string | null;
        };
        /**
         * @example {
         *       "template_name": "bienvenida",
         *       "template_language": "es",
         *       "to": "+573001234567",
         *       "parameters": [
         *         "Juan",
         *         "Pérez"
         *       ]
         *     }
         */
        TestSend: {
            template_name: string;
            template_language: string;
            /** @description The phone number */
            to: string;
            /** @description A list of the required values, the body's first, then the header's text, the buttons', then the rest in the order of `variables`; or an object by their keys, which takes optional ones too */
            parameters?: (string | number)[] | {
                [key: string]: string | number;
            };
        };
        /** @description RFC 9457 application/problem+json */
        Problem: {
            type: string;
            title: string;
            status: number;
            /**
             * @description Stable; programs build on it
             * @enum {string}
             */
            code: "invalid_request" | "unreadable_body" | "not_authenticated" | "second_factor_needed" | "not_allowed" | "not_found" | "campaign_not_found" | "template_not_found" | "recipient_not_found" | "method_not_allowed" | "request_timeout" | "campaign_already_running" | "campaign_cannot_be_started" | "campaign_wrong_state" | "campaign_archived" | "grace_time_not_over" | "backup_not_here" | "campaign_has_sent" | "upload_in_progress" | "idempotency_in_progress" | "conflict" | "body_too_large" | "address_too_long" | "unsupported_media_type" | "expectation_failed" | "file_unusable" | "too_many_recipients" | "template_not_usable" | "invalid_parameters" | "invalid_phone_number" | "recipient_suppressed" | "idempotency_key_reused" | "message_refused" | "too_many_requests" | "headers_too_large" | "internal_error" | "meta_unreachable" | "webhook_not_configured" | "overloaded" | "not_ready";
            /** @description What happened and what to do */
            detail: string;
            instance: string;
            request_id: string;
            /** @description What is wrong, field by field */
            errors?: {
                field: string;
                message: string;
            }[];
            /** @description `campaign_cannot_be_started`: everything that stands in the way */
            reasons?: {
                code: string;
                message: string;
            }[];
            /** @description `campaign_wrong_state`: the state it is in */
            status_now?: string;
            /** @description `too_many_requests`: seconds, as in the header Retry-After */
            retry_after?: number;
            /** @description `not_allowed`: the right that is missing */
            scope?: string;
            /** @description `file_unusable`: the columns that are missing */
            missing?: string[];
            /** @description `file_unusable`: those that were found */
            columns?: string[];
            /** @description `too_many_recipients` */
            max_recipients?: number;
            /** @description `grace_time_not_over`: what has to wait, and until when */
            within_grace?: {
                messages: number;
                /** Format: date-time */
                first_at: string;
                /** Format: date-time */
                last_at: string;
            } & {
                [key: string]: unknown;
            };
            /** @description Meta's own code, where she refused */
            meta_code?: number | null;
            /** @description `message_refused`: the test send it was */
            test_id?: number;
            /**
             * Format: date-time
             * @description `campaign_archived`
             */
            archived_at?: string;
        } & {
            [key: string]: unknown;
        };
        AuditEntry: {
            id: number;
            /** Format: date-time */
            at: string;
            actor: {
                /** @enum {string} */
                kind: "person" | "key" | "local" | "system";
                id: number | null;
                name: string;
            };
            action: string;
            campaign_id: number | null;
            campaign_name: string | null;
            detail: {
                [key: string]: unknown;
            };
        };
        ApiKey: {
            id: number;
            name: string;
            /** @description The first characters, to tell keys apart */
            prefix: string;
            scopes: ("metrics" | "read" | "write" | "send" | "admin")[];
            created_by: string | null;
            /** Format: date-time */
            created_at: string;
            expires_at: string | null;
            /** @description To the minute */
            last_used_at: string | null;
            revoked_at: string | null;
        };
        Session: {
            id: number;
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description To five minutes
             */
            seen_at: string;
            /** Format: date-time */
            expires_at: string;
            /** @description From where it was opened */
            address: string | null;
            /** @description As the browser names itself */
            agent: string | null;
            /** @description The one that asks */
            current: boolean;
        };
        Person: {
            id: number;
            name: string;
            /** @enum {string} */
            role: "viewer" | "operator" | "admin";
            /** @enum {string} */
            status: "invited" | "active" | "disabled";
            created_by: string | null;
            /** Format: date-time */
            created_at: string;
            last_login_at: string | null;
            /** @description Logging in asks for a code as well */
            second_factor: boolean;
        };
        Spending: {
            currency: string;
            time_zone: string;
            /** @description YYYY-MM-DD, in `time_zone` */
            today: string;
            /** @description Reserved or paid this month by all campaigns, test sends included */
            month: string;
            /** @description Exact, in `currency`, with a point */
            day: string;
            /** @description Exact, in `currency`, with a point */
            abroad_day: string;
            monthly: string | null;
            abroad_daily: string | null;
            home_countries: string[];
            changed_by: string | null;
            changed_at: string | null;
        };
        Template: {
            name: string;
            language: string;
            language_name: string | null;
            meta_id: string;
            /**
             * @description UNKNOWN: one that Meta has added since; `reason` names it
             * @enum {string}
             */
            status: "APPROVED" | "PENDING" | "REJECTED" | "PAUSED" | "DISABLED" | "IN_APPEAL" | "PENDING_DELETION" | "DELETED" | "LIMIT_EXCEEDED" | "ARCHIVED" | "UNKNOWN";
            /** @enum {string} */
            category: "MARKETING" | "UTILITY" | "AUTHENTICATION" | "UNKNOWN";
            /** @enum {string} */
            quality: "GREEN" | "YELLOW" | "RED" | "UNKNOWN";
            /** @description May be sent now */
            usable: boolean;
            /** @description Why not, and what to do */
            reason: string | null;
            variables: {
                /** @description What a mapping names */
                key: string;
                /** @enum {string} */
                kind: "text" | "image" | "video" | "gif" | "document" | "filename" | "latitude" | "longitude" | "place" | "product" | "url_suffix" | "payload" | "coupon" | "otp" | "flow_token" | "products" | "json" | "expiration" | "minutes";
                required: boolean;
                label: string;
                example?: string;
                max_length?: number;
            }[];
            /** @description As Meta gives them */
            components: unknown[];
            /** Format: date-time */
            synced_at: string;
        };
        /** @description Every message is in exactly one box; their sum is total_recipients */
        ByStatus: {
            pending: number;
            cancelled: number;
            skipped: number;
            sending: number;
            unknown: number;
            held: number;
            accepted: number;
            sent: number;
            failed: number;
            delivered: number;
            read: number;
        };
        Campaign: {
            id: number;
            name: string;
            description: string | null;
            /** @enum {string} */
            status: "draft" | "scheduled" | "running" | "paused" | "completed" | "cancelled" | "failed";
            /** @enum {string} */
            mode: "sandbox" | "live";
            phone_number_id: string;
            /** @description Null with the language: a draft that has not chosen yet */
            template_name: string | null;
            template_language: string | null;
            mapping: {
                [key: string]: unknown;
            };
            batch_size: number | null;
            /** @description Seconds */
            delay_between_batches: number;
            messages_per_second: number | null;
            /** @description It pauses before its messages cost more; null = no limit of its own */
            budget: string | null;
            scheduled_at: string | null;
            /** @description Why a person has to look at it */
            attention: string | null;
            /** @description Its time has come, and this keeps it from starting for now: it starts when that is over */
            waiting_for: string | null;
            pause_reason: {
                /** @enum {string} */
                code: "operator" | "stop_everything" | "breaker" | "template" | "account" | "payload" | "budget" | "monthly_limit" | "abroad_limit" | "limit_currency" | "restored" | "preflight";
                message: string;
                meta_code?: number;
            } | null;
            total_recipients: number;
            /** @description Ever accepted by Meta */
            messages_sent: number;
            messages_delivered: number;
            messages_read: number;
            messages_failed: number;
            progress_percentage: number;
            by_status: components["schemas"]["ByStatus"];
            /** @description Accepted in the last minute, while it runs */
            rate_per_minute: number;
            /** @description Until the last one is sent, at this rate; null while it stands still */
            eta_seconds: number | null;
            /** @description In `currency` */
            estimated_cost: number | null;
            /** @description In `currency` */
            actual_cost: number;
            currency: string;
            created_by: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            started_at: string | null;
            completed_at: string | null;
            cancelled_at: string | null;
            settled_at: string | null;
            /** @description Its people are erased since then (RETENTION_DAYS); the figures stay */
            archived_at: string | null;
        };
        CampaignStats: {
            id: number;
            /** @enum {string} */
            status: "draft" | "scheduled" | "running" | "paused" | "completed" | "cancelled" | "failed";
            total_recipients: number;
            by_status: components["schemas"]["ByStatus"];
            messages_sent: number;
            messages_delivered: number;
            messages_read: number;
            messages_failed: number;
            /** @description Messages that may still move; unknown ones that a person has closed are not among them */
            open_outcomes: number;
            progress_percentage: number;
            /** @description Delivered of sent, in percent; null while nothing was sent */
            success_rate: number | null;
            rate_per_minute: number;
            eta_seconds: number | null;
            failures: {
                code: number;
                title: string;
                count: number;
                advice: string;
                may_be_retried: boolean;
                retry_after_seconds: number;
            }[];
            duplicate_incidents: number;
            estimated_cost: number | null;
            actual_cost: number;
            /** @description It pauses before its messages cost more */
            budget: string | null;
            /** @description Reserved or paid: what is in the air counts with its full price, what failed does not */
            spent: string;
            currency: string;
            pause_reason: {
                /** @enum {string} */
                code: "operator" | "stop_everything" | "breaker" | "template" | "account" | "payload" | "budget" | "monthly_limit" | "abroad_limit" | "limit_currency" | "restored" | "preflight";
                message: string;
                meta_code?: number;
            } | null;
            /** @description Of the sending number, whichever process asks; null unless the campaign is running */
            pace: {
                /** @description The lower of the number's pace now and the campaign's own */
                messages_per_second: number;
                /** @description Nothing leaves on this number before that */
                stopped_until: string | null;
                /** @description What the number was stopped or slowed down for, while it is */
                reason: {
                    meta_code: number;
                    message: string;
                } | null;
            } | null;
            /** @description Why nothing leaves although it is running; null when it does */
            waiting: {
                /** @enum {string} */
                reason: "meta_outage" | "account" | "other_mode";
                /** Format: date-time */
                since: string;
                /** @description When it is tried again, or ends by itself */
                until: string | null;
                /** @description People of this outage of whom nobody knows whether Meta took their message */
                lost: number;
                message: string;
            } | null;
            /** @description What a person should know first of how it ended: completed, and of some the outcome is unknown */
            notice: {
                message: string;
            } | null;
            started_at: string | null;
            completed_at: string | null;
            settled_at: string | null;
        };
        Preflight: {
            /** @description Names what a start would send: text, category, language, mapping, price */
            version: string | null;
            /** @description What was looked at and what would be sent, where they differ; a start is refused until it is confirmed */
            changed: {
                differences: ("template" | "language" | "category" | "text" | "mapping" | "price")[];
                seen: {
                    template_name: string;
                    template_language: string;
                    category: string;
                    /** @description As Meta gives them, without examples */
                    components: unknown;
                    mapping: {
                        [key: string]: unknown;
                    };
                    /** @description Of one message by market, in millionths of `currency` */
                    prices: {
                        [key: string]: number;
                    };
                    currency: string;
                };
                now: {
                    template_name: string;
                    template_language: string;
                    category: string;
                    /** @description As Meta gives them, without examples */
                    components: unknown;
                    mapping: {
                        [key: string]: unknown;
                    };
                    /** @description Of one message by market, in millionths of `currency` */
                    prices: {
                        [key: string]: number;
                    };
                    currency: string;
                };
            } | null;
            /** @description Nothing red: a start would be accepted */
            ready: boolean;
            checks: {
                /** @enum {string} */
                level: "red" | "yellow" | "green";
                code: string;
                message: string;
            }[];
            /** @description As a start would freeze it, guesses included */
            mapping: {
                [key: string]: unknown;
            };
            recipients: number;
            /** @description Of those who still wait, at list prices, everybody delivered: the most it can cost */
            estimated_cost: number | null;
            /** @description The same at the lowest volume tiers of the rate card */
            estimated_least: string | null;
            /** @description What the same would cost from the next known card on */
            next_rate_card: {
                effective_from: string;
                /** @description Exact, in `currency`, with a point */
                estimated_cost: string;
            } | null;
            currency: string | null;
            cost_by_market: {
                market: string;
                recipients: number;
                cost_each: number;
                cost: number;
            }[];
        };
        CampaignCosts: {
            currency: string;
            budget: string | null;
            /** @description At the start: everybody at list price; null before it */
            estimated: string | null;
            /** @description Reserved or paid; this is what the budget counts */
            spent: string;
            /** @description Of `spent` what no webhook has priced yet */
            reserved: string;
            /** @description Of delivered messages, by the pricing their webhooks told */
            actual: string;
            /** @description Nobody waits, no outcome is open and every price is known */
            is_final: boolean;
            /** @description Delivered messages by Meta's pricing type; `unknown` where it told none that is known: its cost is not 0 but unknown */
            by_pricing_type: {
                type: string;
                messages: number;
            }[];
            /** @description `actual` less `estimated` */
            difference: string | null;
            /** @description Everybody on the list under exactly one: what did not cost its list price, and why */
            causes: {
                /** @enum {string} */
                cause: "priced" | "free" | "price_unknown" | "failed" | "open" | "not_sent";
                messages: number;
            }[];
        };
        Recipient: {
            /** @description Within the campaign */
            id: number;
            /** @description Empty for somebody who has been erased: nothing but the count is left of them */
            phone: string;
            /** @description Line of the file */
            row: number;
            /** @description The columns of the file */
            data: {
                [key: string]: string;
            };
            /** @enum {string} */
            status: "pending" | "cancelled" | "skipped" | "sending" | "unknown" | "held" | "accepted" | "sent" | "failed" | "delivered" | "read";
            attempt: number;
            next_attempt_at: string | null;
            accepted_at: string | null;
            sent_at: string | null;
            delivered_at: string | null;
            read_at: string | null;
            failed_at: string | null;
            wamid: string | null;
            error: {
                code: number;
                title: string;
                advice: string;
            } | null;
            /** @description Why it was skipped, or why its outcome is unknown */
            reason: string | null;
            price: number | null;
        };
        RecipientHistory: components["schemas"]["Recipient"] & {
            history: {
                /** Format: date-time */
                at: string;
                attempt: number | null;
                kind: string;
                data: {
                    [key: string]: unknown;
                };
            }[];
            replies: {
                id: string;
                type: string;
                body: string | null;
                /** Format: date-time */
                sent_at: string;
            }[];
        };
        TestSendResult: {
            /** @description The box it is in: accepted, sent, …; unknown = the answer was lost, and it is not repeated */
            status: string;
            to: string;
            wamid: string | null;
            /** @description Of the hidden campaign that carries it */
            campaign_id: number | null;
            message_id: number | null;
        };
        TestSendRecord: {
            /** @enum {string} */
            status: "pending" | "cancelled" | "skipped" | "sending" | "unknown" | "held" | "accepted" | "sent" | "failed" | "delivered" | "read";
            attempt: number;
            next_attempt_at: string | null;
            accepted_at: string | null;
            sent_at: string | null;
            delivered_at: string | null;
            read_at: string | null;
            failed_at: string | null;
            wamid: string | null;
            error: {
                code: number;
                title: string;
                advice: string;
            } | null;
            /** @description Why it was skipped, or why its outcome is unknown */
            reason: string | null;
            price: number | null;
            history: {
                /** Format: date-time */
                at: string;
                attempt: number | null;
                kind: string;
                data: {
                    [key: string]: unknown;
                };
            }[];
            /** @description Of the hidden campaign that carries it, as POST answered */
            campaign_id: number;
            message_id: number;
            to: string;
            template_name: string;
            template_language: string;
            created_by: string | null;
            /** Format: date-time */
            created_at: string;
        };
        OptOut: {
            phone: string;
            /**
             * @description all: is never written to; marketing: not with marketing templates; doubtful: not with marketing templates until somebody has decided
             * @enum {string}
             */
            scope: "all" | "marketing" | "doubtful";
            /** @description keyword, button: their words; preferences: a switch in WhatsApp; error_131050 and other codes: told by Meta; decided: a doubtful reply that somebody decided; operator, import: by us */
            source: string;
            /** @description Who of us wrote it down; null when it was the person or Meta */
            actor: string | null;
            /** @description The words */
            said: string | null;
            /** @description The campaign it answers */
            campaign_id: number | null;
            campaign_name: string | null;
            /** @description The proof */
            detail: {
                [key: string]: unknown;
            };
            /** Format: date-time */
            since: string;
        };
        ConsentEvent: {
            /**
             * @description resume: the person wants messages again, told by WhatsApp
             * @enum {string}
             */
            kind: "opt_out" | "doubt" | "lift" | "resume";
            /** @enum {string} */
            scope: "all" | "marketing" | "doubtful";
            /** @description keyword, button: their words; preferences: a switch in WhatsApp; error_131050 and other codes: told by Meta; decided: a doubtful reply that somebody decided; operator, import: by us */
            source: string;
            actor: string | null;
            said: string | null;
            reason: string | null;
            /** @description As it was then */
            phone: string;
            campaign_id: number | null;
            detail: {
                [key: string]: unknown;
            };
            /**
             * Format: date-time
             * @description When it was said
             */
            at: string;
            /**
             * Format: date-time
             * @description When it was written down here
             */
            recorded_at: string;
        };
        OptOutPhrase: {
            id: number;
            phrase: string;
            /** @enum {string} */
            part: "whole" | "anywhere";
            /** @enum {string} */
            meaning: "opt_out" | "doubtful" | "not_opt_out";
            /** @enum {string} */
            scope: "all" | "marketing";
            created_by: string | null;
            /** Format: date-time */
            created_at: string;
        };
        Erasure: {
            /**
             * @description What is not sent to them any more
             * @enum {string}
             */
            blocks: "all" | "marketing" | "nothing";
            /** @description Rows of campaigns; they stay, and are counted, without anything of the person */
            recipients: number;
            /** @description Of these, whoever had not been written to and now will not be */
            not_sent: number;
            replies: number;
            /** @description Reduced to a digest that still blocks */
            opt_outs: number;
            refused_rows: number;
            /** @description Unpublished uploads that held them, or were still being read: given up, with the kept file */
            drafts: number;
            /** @description Of the journal */
            webhooks: number;
        };
        Status: {
            name: string;
            version: string;
            /** @enum {string} */
            mode: "sandbox" | "live";
            /** @description Set while everything is stopped */
            stopped_at: string | null;
            number: {
                phone_number_id: string;
                display_phone_number: string | null;
                verified_name: string | null;
                status: string | null;
                quality: string | null;
                throughput_level: string | null;
                messaging_limit: string | null;
                synced_at: string | null;
            };
            /** @description What Meta says of the account and the number, until it is lifted or over */
            account: {
                /**
                 * @description no: Meta holds everything on this number back; limited: templates of a category, or Meta says so
                 * @enum {string}
                 */
                can_send: "yes" | "limited" | "no";
                /** @description How many people may be written to in 24 hours, and how many messages Meta accepted in the last ones; null = not known */
                people_a_day: {
                    tier: string;
                    /** @description null = no limit */
                    limit: number | null;
                    used: number;
                } | null;
                notices: {
                    /** @enum {string} */
                    code: "account_disabled" | "account_disable_scheduled" | "account_restricted" | "account_violation" | "account_review" | "account_offboarded" | "account_alert" | "account_security" | "partner_removed" | "name_refused" | "utility_warned" | "utility_capped" | "utility_as_marketing" | "health_blocked" | "health_limited" | "payment_missing" | "on_standby" | "quality_red" | "number_not_connected" | "graph_version_ends";
                    /** @description Of several of one code, which: the type of an alert, of a violation, of a restriction */
                    subject: string;
                    /** @enum {string} */
                    level: "stop" | "warn" | "info";
                    /** @description What is not sent meanwhile */
                    holds: ("all" | "utility" | "marketing" | "authentication") | null;
                    /** Format: date-time */
                    since: string;
                    /** @description When it ends by itself; null = when Meta lifts it */
                    until: string | null;
                    message: string;
                }[];
            };
            pace: {
                /** @description Over all campaigns, in the last minute */
                sent_per_second: number;
                /** @description What the number may send now */
                messages_per_second: number;
                ceiling: number;
                slowed_until: string | null;
            } | null;
            /** @description Why nothing leaves although it is running; null when it does */
            waiting: {
                /** @enum {string} */
                reason: "meta_outage" | "account" | "other_mode";
                /** Format: date-time */
                since: string;
                /** @description When it is tried again, or ends by itself */
                until: string | null;
                /** @description People of this outage of whom nobody knows whether Meta took their message */
                lost: number;
                message: string;
            } | null;
            processes: {
                id: string;
                role: string;
                host: string;
                pid: number;
                /** Format: date-time */
                started_at: string;
                /** Format: date-time */
                seen_at: string;
            }[];
            webhooks: {
                pending: number;
                stuck: number;
                last_received_at: string | null;
                /** @description When the last of this mode came; those of the sandbox do not count while sending for real */
                last_good_at: string | null;
                /** @description Whose signature did not fit, since the last one that did */
                refused: {
                    count: number;
                    last_at: string | null;
                };
            };
            /** @description Where the data folder of the process that answers is */
            disk: {
                free_bytes: number;
            } | null;
            /** @description Of the embedded database; null where a PostgreSQL server keeps the data and makes them itself */
            backups: {
                /** @description null: none are made by themselves */
                every_hours: number | null;
                keep: number;
                last_at: string | null;
                last_bytes: number | null;
            } | null;
            queue: {
                [key: string]: unknown;
            };
            /** @description What is wrong now, in words */
            alarms: {
                /** @enum {string} */
                code: "webhooks_silent" | "webhooks_refused" | "webhooks_behind" | "webhooks_stuck" | "no_worker" | "opt_out_of_unknown" | "meta_outage" | "redis_refuses" | "account_disabled" | "account_disable_scheduled" | "account_restricted" | "account_violation" | "account_review" | "account_offboarded" | "account_alert" | "account_security" | "partner_removed" | "name_refused" | "utility_warned" | "utility_capped" | "utility_as_marketing" | "health_blocked" | "health_limited" | "payment_missing" | "on_standby" | "quality_red" | "number_not_connected" | "graph_version_ends";
                message: string;
            }[];
            /** @description What waits for a person */
            badges: {
                unread_replies: number;
                /** @description That somebody has to decide */
                doubtful_replies: number;
            };
        };
        PastAlarm: {
            id: number;
            code: string;
            /** @description As it was said when it began */
            message: string;
            /** Format: date-time */
            began_at: string;
            /** @description null while it goes on */
            ended_at: string | null;
        };
        UploadReport: {
            upload_id: number;
            filename: string | null;
            total_rows: number;
            valid_rows: number;
            invalid_rows: number;
            duplicate_rows: number;
            suppressed_rows: number;
            /** @description total_rows + heading_rows + rows_before_heading + blank_rows */
            rows_in_file: number;
            heading_rows: number;
            rows_before_heading: number;
            blank_rows: number;
            /** @description The first rows that are neither heading nor data */
            left_out: {
                /** @enum {string} */
                kind: "before_heading" | "blank";
                row: number;
                last_row: number;
                text: string | null;
            }[];
            /** @description The first hundred; all of them: GET …/uploads/{upload_id}/rejected.csv */
            errors: {
                /** @description Line of the file, the header counted */
                row: number;
                /** @description The row as a spreadsheet counts it: another one where cells have line breaks */
                excel_row: number;
                column: string | null;
                value: string | null;
                error: string;
                code: string;
                /** @enum {string} */
                kind: "invalid" | "duplicate" | "suppressed";
            }[];
            notices: ({
                code: string;
                message: string;
            } & {
                [key: string]: unknown;
            })[];
            columns: string[];
            phone_column: string;
        };
        Upload: {
            upload_id: number;
            /** @enum {string} */
            status: "draft" | "open" | "published" | "discarded" | "removing";
            filename: string | null;
            columns: string[];
            phone_column: string | null;
            total_rows: number;
            valid_rows: number;
            invalid_rows: number;
            duplicate_rows: number;
            suppressed_rows: number;
            notices: ({
                code: string;
                message: string;
            } & {
                [key: string]: unknown;
            })[];
            /** @description The account of all rows of the file; null for old uploads */
            reading: {
                /** @description total_rows + heading_rows + rows_before_heading + blank_rows */
                rows_in_file: number;
                heading_rows: number;
                rows_before_heading: number;
                blank_rows: number;
                /** @description The first rows that are neither heading nor data */
                left_out: {
                    /** @enum {string} */
                    kind: "before_heading" | "blank";
                    row: number;
                    last_row: number;
                    text: string | null;
                }[];
                /** @description People to be written to, by country */
                countries: {
                    [key: string]: number;
                };
            } | null;
            created_by: string | null;
            /** Format: date-time */
            created_at: string;
            published_at: string | null;
        };
        UploadDraft: {
            upload_id: number;
            campaign_id: number;
            /**
             * @description `unreadable`: `problem` says what a person has to choose. `interrupted`: whoever read it is gone; read it again with PATCH
             * @enum {string}
             */
            status: "receiving" | "reading" | "ready" | "unreadable" | "interrupted" | "publishing";
            filename: string | null;
            bytes: number;
            /** @description So far, while it is being read */
            rows_read: number;
            /**
             * Format: date-time
             * @description Then the file and all of this go
             */
            kept_until: string;
            created_by: string | null;
            /** Format: date-time */
            created_at: string;
            /** @description What was chosen; the rest was found */
            answers: {
                /**
                 * @description How the bytes of a text file are read
                 * @enum {string}
                 */
                encoding?: "utf-8" | "utf-16le" | "utf-16be" | "windows-1252" | "macintosh" | "cp850" | "gb18030" | "utf-8-twice";
                /**
                 * @description What stands between its cells
                 * @enum {string}
                 */
                delimiter?: "comma" | "semicolon" | "tab" | "pipe";
                /** @description Of a workbook: the sheet with the list */
                sheet?: string;
                /** @description Line of the heading; 0 = the file has none */
                heading_row?: number;
                /** @description Column with the phone numbers */
                phone_column?: string;
                /** @description Column with the country of each number; empty = there is none */
                country_column?: string;
                /**
                 * @description Columns that say who does not want messages ("Accepts SMS Marketing": no): obeyed, unless somebody decides otherwise
                 * @enum {string}
                 */
                consent_columns?: "obey" | "ignore";
                /** @description Country of numbers that do not say theirs, instead of DEFAULT_COUNTRY */
                default_country?: string;
            };
            problem: {
                code: string;
                detail: string;
                columns: string[];
            } | null;
            format: ("csv" | "xlsx" | "ods") | null;
            encoding: ("utf-8" | "utf-16le" | "utf-16be" | "windows-1252" | "macintosh" | "cp850" | "gb18030" | "utf-8-twice") | null;
            delimiter: ("comma" | "semicolon" | "tab" | "pipe") | null;
            sheets: {
                name: string;
                hidden: boolean;
            }[];
            sheet: string | null;
            /** @description 0 = the file has none; null until it has been read */
            heading_row: number | null;
            phone_column: string | null;
            country_column: string | null;
            default_country: string | null;
            columns: {
                /** @description As a spreadsheet names the column */
                letter: string;
                name: string;
                /** @description The first different values */
                samples: string[];
                /** @description Rows without a value */
                empty: number;
                /** @description `phone`, `other_phone`, `country`, or the key of a variable of the template */
                used_for: string[];
            }[];
            total_rows: number;
            valid_rows: number;
            invalid_rows: number;
            duplicate_rows: number;
            suppressed_rows: number;
            /** @description total_rows + heading_rows + rows_before_heading + blank_rows */
            rows_in_file: number;
            heading_rows: number;
            rows_before_heading: number;
            blank_rows: number;
            /** @description The first rows that are neither heading nor data */
            left_out: {
                /** @enum {string} */
                kind: "before_heading" | "blank";
                row: number;
                last_row: number;
                text: string | null;
            }[];
            counts_by_cause: {
                /** @enum {string} */
                kind: "invalid" | "duplicate" | "suppressed";
                code: string;
                column: string | null;
                letter: string | null;
                rows: number;
                first_row: number;
                text: string;
                may_include: boolean;
            }[];
            notices: ({
                code: string;
                message: string;
            } & {
                [key: string]: unknown;
            })[];
            /** @description People who would be written to, by market of the rate card */
            market_counts: {
                [key: string]: number;
            };
            country_counts: {
                [key: string]: number;
            };
            /** @description People of this file who have got the same template from another campaign within a week */
            recent_same_template: {
                people: number;
                campaign_id: number;
                /**
                 * Format: date-time
                 * @description When the first of them got it
                 */
                at: string;
            } | null;
            mended_rows: number;
        };
        UploadDraftRow: {
            /** @description Line of the file: the name of the row in addresses */
            row: number;
            /** @description The row as a spreadsheet counts it */
            excel_row: number;
            /** @enum {string} */
            kind: "invalid" | "duplicate" | "suppressed";
            column: string | null;
            letter: string | null;
            value: string | null;
            code: string;
            /** @description Why it is not accepted, and what to do */
            text: string;
            /** @description A value for the column that would be accepted */
            suggestion: string | null;
            /** @description POST …/include accepts the row in spite of it */
            may_include: boolean;
            /** @description The row by column */
            cells: {
                [key: string]: string;
            };
        };
        MendedRow: {
            /** @description The row now puts somebody on the list */
            accepted: boolean;
            /** @description What is still to be said against it */
            row: components["schemas"]["UploadDraftRow"] | null;
            upload: components["schemas"]["UploadDraft"];
        };
        OptOutImportReport: {
            filename: string | null;
            total_rows: number;
            valid_rows: number;
            invalid_rows: number;
            duplicate_rows: number;
            suppressed_rows: number;
            /** @description total_rows + heading_rows + rows_before_heading + blank_rows */
            rows_in_file?: number;
            heading_rows?: number;
            rows_before_heading?: number;
            blank_rows?: number;
            /** @description The first rows that are neither heading nor data */
            left_out?: {
                /** @enum {string} */
                kind: "before_heading" | "blank";
                row: number;
                last_row: number;
                text: string | null;
            }[];
            /** @description The first thousand */
            errors: {
                /** @description Line of the file, the header counted */
                row: number;
                /** @description The row as a spreadsheet counts it: another one where cells have line breaks */
                excel_row: number;
                column: string | null;
                value: string | null;
                error: string;
                code: string;
                /** @enum {string} */
                kind: "invalid" | "duplicate" | "suppressed";
            }[];
            /** @description All rows that added nobody, counted by their cause */
            causes: {
                /** @enum {string} */
                kind: "invalid" | "duplicate" | "suppressed";
                code: string;
                column: string | null;
                rows: number;
                first_row: number;
                text: string;
            }[];
            notices: ({
                code: string;
                message: string;
            } & {
                [key: string]: unknown;
            })[];
            phone_column: string | null;
        };
        RemovedUpload: {
            upload_id: number;
            filename: string | null;
            /** @description Whom this file had put on the list, the opted-out ones included */
            removed_recipients: number;
            /** @description Who is left on it */
            total_recipients: number;
        };
        Reply: {
            id: string;
            /** @description null while somebody hides it behind a username */
            phone: string | null;
            /** @description WhatsApp's id of the person for this business */
            user_id: string | null;
            /** @description As they call themselves in WhatsApp */
            name: string | null;
            type: string;
            body: string | null;
            /** @description The campaign it answers */
            campaign_id: number | null;
            campaign_name: string | null;
            recipient_id: number | null;
            /** Format: date-time */
            sent_at: string;
            /** Format: date-time */
            received_at: string;
            /** @description When somebody of us read it */
            read_at: string | null;
            /** @description It may be an opt-out: until somebody decides, this person gets no marketing */
            doubtful: {
                /** @enum {string} */
                code: "unclear" | "about_something_else" | "long_text" | "ambiguous_button" | "own_phrase" | "sender_unknown";
                why: string;
            } | null;
            /** @description What a person made of a doubtful one */
            decision: {
                opt_out: boolean;
                by: string | null;
                /** Format: date-time */
                at: string;
            } | null;
            /** @description How the person stands now, whatever this message said */
            opted_out: ("all" | "marketing") | null;
            /** @description This message is an opt-out, by its words or by decision */
            asked_to_stop: boolean;
        };
    };
    responses: {
        /** @description Not valid: what is wrong stands in `detail`, field by field in `errors` */
        BadRequest: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No key, or one that does not open anything (any more) */
        NotAuthenticated: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The key or the person may not do this */
        NotAllowed: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no such thing */
        NotFound: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not possible in the state things are in */
        Conflict: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is larger than this address takes */
        TooLarge: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description This address does not take a body of this Content-Type */
        WrongType: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Understood, but it cannot be done with this content */
        Unprocessable: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too often; `Retry-After` says when to come back */
        TooMany: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Any other refusal or failure, with the reason and what to do */
        Refusal: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description The number this request has in the log; also `request_id` of a refusal */
        RequestId: string;
        /** @description Seconds to wait */
        RetryAfter: number;
        /** @description Bearer */
        WwwAuthenticate: string;
        /** @description `true` where this is the answer to an earlier request with the same Idempotency-Key */
        IdempotencyReplayed: "true";
        /** @description The name to save it under */
        ContentDisposition: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_webhooks_whatsapp: {
        parameters: {
            query: {
                "hub.mode": "subscribe";
                /** @description The word of WHATSAPP_VERIFY_TOKEN */
                "hub.verify_token": string;
                /** @description What is to be repeated */
                "hub.challenge": string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The challenge */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            400: components["responses"]["BadRequest"];
            403: components["responses"]["NotAllowed"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_webhooks_whatsapp: {
        parameters: {
            query?: never;
            header: {
                /** @description HMAC-SHA256 of the bytes of the body with the secret of the app */
                "x-hub-signature-256": string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description As Meta posts it */
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Stored durably; no body */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_health_live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        status: "ok";
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            403: components["responses"]["NotAllowed"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_health_ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ready" | "not_ready";
                        /** @enum {string} */
                        mode: "sandbox" | "live";
                        checks: {
                            /** @enum {string} */
                            database: "ok" | "away";
                            /**
                             * @description missing: nothing is sent until one is started; webhooks and pages work
                             * @enum {string}
                             */
                            worker: "ok" | "missing" | "unknown";
                            /**
                             * @description away: it is not there, or takes no writes (the alarm says why): nothing is sent until it does; webhooks and pages work
                             * @enum {string}
                             */
                            redis: "ok" | "away" | "none";
                            /**
                             * @description differs: another living process signs with another SECRET_KEY and refuses the logins of this one
                             * @enum {string}
                             */
                            secret: "ok" | "differs" | "unknown";
                        };
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            403: components["responses"]["NotAllowed"];
            429: components["responses"]["TooMany"];
            /** @description Done */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ready" | "not_ready";
                        /** @enum {string} */
                        mode: "sandbox" | "live";
                        checks: {
                            /** @enum {string} */
                            database: "ok" | "away";
                            /**
                             * @description missing: nothing is sent until one is started; webhooks and pages work
                             * @enum {string}
                             */
                            worker: "ok" | "missing" | "unknown";
                            /**
                             * @description away: it is not there, or takes no writes (the alarm says why): nothing is sent until it does; webhooks and pages work
                             * @enum {string}
                             */
                            redis: "ok" | "away" | "none";
                            /**
                             * @description differs: another living process signs with another SECRET_KEY and refuses the logins of this one
                             * @enum {string}
                             */
                            secret: "ok" | "differs" | "unknown";
                        };
                    };
                };
            };
            default: components["responses"]["Refusal"];
        };
    };
    get_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In the text format of Prometheus */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_auth_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    password: string;
                    /** @description Six figures of the authenticator app, or a recovery code */
                    code?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                        name: string;
                        /** @enum {string} */
                        role: "viewer" | "operator" | "admin";
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_auth_logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_auth_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        kind: "person" | "key" | "local" | "system";
                        id: number | null;
                        name: string;
                        /** @description Null for keys */
                        role: ("viewer" | "operator" | "admin") | null;
                        scopes: ("metrics" | "read" | "write" | "send" | "admin")[];
                        /** @enum {string} */
                        mode: "sandbox" | "live";
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_auth_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    current_password: string;
                    password: string;
                };
            };
        };
        responses: {
            /** @description Done; no body */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_auth_invitation_look: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    token: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Null: the first administrator, who chooses a name */
                        name: string | null;
                        /** Format: date-time */
                        expires_at: string;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_auth_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    token: string;
                    name?: string;
                    password: string;
                    code?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                        name: string;
                        /** @enum {string} */
                        role: "viewer" | "operator" | "admin";
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_auth_logout_everywhere: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_auth_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Session"][];
                        total: number;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    delete_auth_sessions_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_auth_sessions_end_others: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_auth_second_factor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        enabled: boolean;
                        enabled_at: string | null;
                        recovery_codes_left: number;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_auth_second_factor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    password: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description To be typed into an authenticator app (base32) */
                        secret: string;
                        /** @description The same as a link, to be shown as a QR code */
                        otpauth_url: string;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_auth_second_factor_confirm: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Six figures of the app, or a recovery code */
                    code: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Each logs in once in the place of the app. Shown this once; print them */
                        recovery_codes: string[];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_auth_second_factor_recovery_codes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Six figures of the app, or a recovery code */
                    code: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Each logs in once in the place of the app. Shown this once; print them */
                        recovery_codes: string[];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_auth_second_factor_disable: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    password: string;
                    /** @description Six figures of the app, or a recovery code */
                    code: string;
                };
            };
        };
        responses: {
            /** @description Done; no body */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_people: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Person"][];
                        total: number;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_people: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key gives the first answer again instead of doing it twice; kept for 7 days */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    /** @enum {string} */
                    role: "viewer" | "operator" | "admin";
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Person"] & {
                        /** @description Works once; send it to this person only. It is not shown again */
                        invitation_url: string;
                        /** Format: date-time */
                        invitation_expires_at: string;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_people_id_invitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key gives the first answer again instead of doing it twice; kept for 7 days */
                "idempotency-key"?: string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Person"] & {
                        /** @description Works once; send it to this person only. It is not shown again */
                        invitation_url: string;
                        /** Format: date-time */
                        invitation_expires_at: string;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    put_people_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    role?: "viewer" | "operator" | "admin";
                    disabled?: boolean;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Person"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    delete_people_id_second_factor: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Person"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_keys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ApiKey"][];
                        total: number;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_keys: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key gives the first answer again instead of doing it twice; kept for 7 days */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    /** @description metrics: read /metrics and nothing else · read: look · write: make and change · send: start and send · admin: everything, people and keys included */
                    scopes: ("metrics" | "read" | "write" | "send" | "admin")[];
                    expires_at?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"] & {
                        /** @description The key itself; keep it now, it is not stored */
                        key: string;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    delete_keys_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_audit: {
        parameters: {
            query?: {
                campaign_id?: number;
                action?: string;
                /** @description In the name of the person or key */
                actor?: string;
                /** @description ISO-8601 with the zone, as 2026-01-31T09:00:00Z */
                since?: string;
                /** @description ISO-8601 with the zone, as 2026-01-31T09:00:00Z */
                until?: string;
                limit?: number;
                cursor?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["AuditEntry"][];
                        /** @description How many match; null where counting would cost more than reading */
                        total: number | null;
                        limit: number;
                        /** @description Give it as `cursor` for the next page; null = this was the last one */
                        next_cursor: string | null;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_campaigns: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
                /** @description One status, or several with commas */
                status?: string;
                /** @description Part of the name, or of the name of its template */
                search?: string;
                /** @description Field; with - in front the other way round */
                sort?: "created_at" | "-created_at" | "name" | "-name" | "status" | "-status" | "started_at" | "-started_at";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Campaign"][];
                        total: number;
                        limit: number;
                        offset: number;
                        /** @description Campaigns in each state; `search` counts, `status` does not */
                        counts_by_status: {
                            draft: number;
                            scheduled: number;
                            running: number;
                            paused: number;
                            completed: number;
                            cancelled: number;
                            failed: number;
                        };
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_campaigns: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key gives the first answer again instead of doing it twice; kept for 7 days */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCampaign"];
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"] & {
                        /** @description What would make it fail at its time, as things stand now; empty without a schedule */
                        warnings: {
                            code: string;
                            message: string;
                        }[];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_campaigns_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The campaign */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    put_campaigns_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The campaign */
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CampaignChanges"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"] & {
                        /** @description What would make it fail at its time, as things stand now; empty without a schedule */
                        warnings: {
                            code: string;
                            message: string;
                        }[];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    delete_campaigns_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The campaign */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_campaigns_id_stats: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The campaign */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignStats"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_campaigns_id_chart: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The campaign */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** Format: date-time */
                            minute: string;
                            accepted: number;
                            delivered: number;
                            read: number;
                            failed: number;
                        }[];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_campaigns_id_preflight: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The campaign */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preflight"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_campaigns_id_costs: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The campaign */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignCosts"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_campaigns_id_preview: {
        parameters: {
            query?: {
                /** @description Left out: the first one */
                recipient_id?: number;
            };
            header?: never;
            path: {
                /** @description The campaign */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The message as the person will see it; *bold*, _italic_ and the like are left as WhatsApp writes them */
                        preview: {
                            body: string;
                            buttons: ({
                                kind: string;
                                text: string;
                            } & {
                                [key: string]: unknown;
                            })[];
                            missing: string[];
                        } & {
                            [key: string]: unknown;
                        };
                        mapping: {
                            [key: string]: unknown;
                        };
                        faults: {
                            key: string;
                            code: string;
                            message: string;
                        }[];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_campaigns_id_confirm: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The campaign */
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description `version` of the preflight that shows the new one */
                    version: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_campaigns_id_start: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key gives the first answer again instead of doing it twice; kept for 7 days */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The campaign */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"] & {
                        /** @description What keeps messages from leaving although the campaign runs */
                        warnings: {
                            code: string;
                            message: string;
                        }[];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_campaigns_id_resume: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key gives the first answer again instead of doing it twice; kept for 7 days */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The campaign */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"] & {
                        /** @description What keeps messages from leaving although the campaign runs */
                        warnings: {
                            code: string;
                            message: string;
                        }[];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_campaigns_id_unschedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key gives the first answer again instead of doing it twice; kept for 7 days */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The campaign */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_campaigns_id_pause: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key gives the first answer again instead of doing it twice; kept for 7 days */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The campaign */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"] & {
                        /** @description Messages whose answer was still out when this took hold; nothing new leaves after it */
                        in_flight: number;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_campaigns_id_cancel: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key gives the first answer again instead of doing it twice; kept for 7 days */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The campaign */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"] & {
                        /** @description Messages whose answer was still out when this took hold; nothing new leaves after it */
                        in_flight: number;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_campaigns_id_schedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key gives the first answer again instead of doing it twice; kept for 7 days */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The campaign */
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: date-time
                     * @description ISO-8601 with the zone, as 2026-01-31T09:00:00Z
                     */
                    scheduled_at: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"] & {
                        /** @description What would make it fail at its time, as things stand now; empty without a schedule */
                        warnings: {
                            code: string;
                            message: string;
                        }[];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_campaigns_id_retry: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key gives the first answer again instead of doing it twice; kept for 7 days */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The campaign */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description Only these; left out = all */
                    recipient_ids?: number[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"] & {
                        retried: number;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_campaigns_id_resolve_unknown: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key gives the first answer again instead of doing it twice; kept for 7 days */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The campaign */
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    decision: "resend" | "close";
                    /** @description Only these; left out = all */
                    recipient_ids?: number[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"] & {
                        decided: number;
                        /** @description Those that were left as they are, because their webhook may still come (UNKNOWN_GRACE_MINUTES) */
                        within_grace: {
                            messages: number;
                            /** @description When the first of them may be decided on */
                            first_at: string | null;
                            /** @description When all of them may be */
                            last_at: string | null;
                        };
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_campaigns_id_duplicate: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key gives the first answer again instead of doing it twice; kept for 7 days */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The campaign */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    name?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_campaigns_id_recipients: {
        parameters: {
            query?: {
                status?: "pending" | "cancelled" | "skipped" | "sending" | "unknown" | "held" | "accepted" | "sent" | "failed" | "delivered" | "read";
                /** @description Failed with this of Meta's codes */
                error_code?: number;
                /** @description A number, or the digits it begins with, country included: in the order of the numbers, without a total */
                phone?: string;
                /** @description What a value of their row contains, whatever the case and the accents: in the order of the file, without a total. A page may be short, or empty, and the next one not */
                text?: string;
                /** @description Begins at this row of the file instead of the first; only without status, code, phone and text */
                row?: number;
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Recipient"][];
                        /** @description How many match; null where counting would cost more than reading */
                        total: number | null;
                        limit: number;
                        /** @description Give it as `cursor` for the next page; null = this was the last one */
                        next_cursor: string | null;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_campaigns_id_recipients_recipient_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
                recipient_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecipientHistory"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_campaigns_id_upload_recipients: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key gives the first answer again instead of doing it twice; kept for 7 days */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The campaign */
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** @description Column with the phone numbers, when it is not found by itself */
                    phone_column?: string;
                    /** @description Column with the country of each number */
                    country_column?: string;
                    /** @description Country of numbers that do not say theirs, as CO */
                    default_country?: string;
                    /** @description How the bytes of a text file are read, as utf-8 or windows-1252 */
                    encoding?: string;
                    /** @enum {string} */
                    delimiter?: "comma" | "semicolon" | "tab" | "pipe";
                    /** @description Of a workbook: the sheet with the list */
                    sheet?: string;
                    /** @description Line of the heading; 0 = the file has none */
                    heading_row?: number;
                    /**
                     * Format: binary
                     * @description CSV, separated by commas, semicolons, tabs or |, in UTF-8, UTF-16, Windows-1252 or another encoding; a workbook of Excel (.xlsx) or LibreOffice (.ods), by the values of its formulas. An old workbook (.xls) is refused with advice. It comes after the other fields
                     */
                    file: Blob;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadReport"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_campaigns_id_uploads: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The campaign */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Upload"][];
                        total: number;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_campaigns_id_uploads: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key gives the first answer again instead of doing it twice; kept for 7 days */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The campaign */
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** @description Column with the phone numbers, when it is not found by itself */
                    phone_column?: string;
                    /** @description Column with the country of each number */
                    country_column?: string;
                    /** @description Country of numbers that do not say theirs, as CO */
                    default_country?: string;
                    /** @description How the bytes of a text file are read, as utf-8 or windows-1252 */
                    encoding?: string;
                    /** @enum {string} */
                    delimiter?: "comma" | "semicolon" | "tab" | "pipe";
                    /** @description Of a workbook: the sheet with the list */
                    sheet?: string;
                    /** @description Line of the heading; 0 = the file has none */
                    heading_row?: number;
                    /**
                     * Format: binary
                     * @description CSV, separated by commas, semicolons, tabs or |, in UTF-8, UTF-16, Windows-1252 or another encoding; a workbook of Excel (.xlsx) or LibreOffice (.ods), by the values of its formulas. An old workbook (.xls) is refused with advice. It comes after the other fields
                     */
                    file: Blob;
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadDraft"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_campaigns_id_uploads_upload_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The campaign */
                id: number;
                upload_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadDraft"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    delete_campaigns_id_uploads_upload_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
                upload_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RemovedUpload"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    patch_campaigns_id_uploads_upload_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The campaign */
                id: number;
                upload_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    encoding?: ("utf-8" | "utf-16le" | "utf-16be" | "windows-1252" | "macintosh" | "cp850" | "gb18030" | "utf-8-twice") | null;
                    delimiter?: ("comma" | "semicolon" | "tab" | "pipe") | null;
                    sheet?: string | null;
                    heading_row?: number | null;
                    phone_column?: string | null;
                    country_column?: string | null;
                    consent_columns?: ("obey" | "ignore") | null;
                    default_country?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadDraft"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_campaigns_id_uploads_upload_id_rows: {
        parameters: {
            query?: {
                kind?: "invalid" | "duplicate" | "suppressed";
                /** @description `code` of counts_by_cause */
                cause?: string;
                column?: string;
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The campaign */
                id: number;
                upload_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["UploadDraftRow"][];
                        /** @description How many match; null where counting would cost more than reading */
                        total: number | null;
                        limit: number;
                        /** @description Give it as `cursor` for the next page; null = this was the last one */
                        next_cursor: string | null;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    put_campaigns_id_uploads_upload_id_rows_row: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The campaign */
                id: number;
                upload_id: number;
                /** @description Line of the file */
                row: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description New values by column; the other columns stay as they are */
                    values: {
                        [key: string]: string;
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MendedRow"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_campaigns_id_uploads_upload_id_rows_row_include: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The campaign */
                id: number;
                upload_id: number;
                /** @description Line of the file */
                row: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MendedRow"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_campaigns_id_uploads_upload_id_publish: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key gives the first answer again instead of doing it twice; kept for 7 days */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The campaign */
                id: number;
                upload_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadReport"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_campaigns_id_export_csv: {
        parameters: {
            query?: {
                /** @description Between the cells; Excel in Spanish and most of Europe opens a file with semicolons in columns */
                separator?: "comma" | "semicolon";
            };
            header?: never;
            path: {
                /** @description The campaign */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file, in UTF-8 with a byte order mark */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_campaigns_id_rejected_csv: {
        parameters: {
            query?: {
                /** @description Between the cells; Excel in Spanish and most of Europe opens a file with semicolons in columns */
                separator?: "comma" | "semicolon";
            };
            header?: never;
            path: {
                /** @description The campaign */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file, in UTF-8 with a byte order mark */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_campaigns_id_uploads_upload_id_rejected_csv: {
        parameters: {
            query?: {
                /** @description Between the cells; Excel in Spanish and most of Europe opens a file with semicolons in columns */
                separator?: "comma" | "semicolon";
            };
            header?: never;
            path: {
                id: number;
                upload_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file, in UTF-8 with a byte order mark */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_templates: {
        parameters: {
            query?: {
                status?: string;
                category?: string;
                language?: string;
                /** @description Part of the name */
                search?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Template"][];
                        total: number;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_templates_name: {
        parameters: {
            query?: {
                language?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Template"][];
                        total: number;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_templates_sync: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        templates: number;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_templates_name_preview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    language: string;
                    /** @description Left out: guessed from the columns of the row */
                    mapping?: {
                        [key: string]: {
                            column: string;
                        } | {
                            value: string;
                        };
                    };
                    /** @default {} */
                    row?: {
                        [key: string]: string;
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The message as the person will see it; *bold*, _italic_ and the like are left as WhatsApp writes them */
                        preview: {
                            body: string;
                            buttons: ({
                                kind: string;
                                text: string;
                            } & {
                                [key: string]: unknown;
                            })[];
                            missing: string[];
                        } & {
                            [key: string]: unknown;
                        };
                        mapping: {
                            [key: string]: unknown;
                        };
                        faults: {
                            key: string;
                            code: string;
                            message: string;
                        }[];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_templates_send: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key gives the first answer again instead of doing it twice; kept for 7 days */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TestSend"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestSendResult"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_templates_send_campaign_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                campaign_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestSendRecord"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_events_campaigns_id_stream: {
        parameters: {
            query?: {
                /** @description As the header Last-Event-ID, for EventSource in programs that cannot set it; the header wins */
                lastEventId?: string;
            };
            header?: never;
            path: {
                /** @description The campaign */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events without a name; the `data` of each is JSON of this shape */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["CampaignStats"] & {
                        /**
                         * @description The first one is the whole state
                         * @enum {string}
                         */
                        type: "snapshot" | "update";
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_events_campaigns_stream: {
        parameters: {
            query?: {
                /** @description As the header Last-Event-ID, for EventSource in programs that cannot set it; the header wins */
                lastEventId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events without a name; the `data` of each is JSON of this shape */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": {
                        /**
                         * @description The first one is the whole state
                         * @enum {string}
                         */
                        type: "snapshot" | "update";
                        /** @description Those that have changed */
                        campaigns: components["schemas"]["Campaign"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_events_ticket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ticket: string;
                        /** @description Seconds */
                        expires_in: number;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_opt_outs: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
                phone?: string;
                scope?: "all" | "marketing" | "doubtful";
                source?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["OptOut"][];
                        total: number;
                        limit: number;
                        offset: number;
                        /** @description How many hold now, whatever the filter */
                        counts: {
                            all: number;
                            marketing: number;
                            doubtful: number;
                        };
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_opt_outs: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key gives the first answer again instead of doing it twice; kept for 7 days */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    phone: string;
                    /**
                     * @default all
                     * @enum {string}
                     */
                    scope?: "all" | "marketing";
                    note?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OptOut"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    delete_opt_outs_phone: {
        parameters: {
            query?: {
                scope?: "all" | "marketing" | "doubtful";
                /** @description Why: how the person asked for it. Kept in the trail; without it the trail says that none was given */
                reason?: string;
            };
            header?: never;
            path: {
                phone: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        phone: string;
                        still_opted_out: boolean;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_opt_outs_phone_trail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                phone: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        phone: string;
                        opted_out: boolean;
                        data: components["schemas"]["ConsentEvent"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_opt_outs_export_csv: {
        parameters: {
            query?: {
                separator?: "comma" | "semicolon";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file, in UTF-8 with a byte order mark */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_opt_out_phrases: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["OptOutPhrase"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_opt_out_phrases: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key gives the first answer again instead of doing it twice; kept for 7 days */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Case, accents and punctuation do not matter */
                    phrase: string;
                    /**
                     * @description whole: it is all that is said; anywhere: it stands in the text
                     * @default whole
                     * @enum {string}
                     */
                    part?: "whole" | "anywhere";
                    /**
                     * @description not_opt_out takes a word of the program out, as "cancelar" where people cancel appointments
                     * @default opt_out
                     * @enum {string}
                     */
                    meaning?: "opt_out" | "doubtful" | "not_opt_out";
                    /**
                     * @default all
                     * @enum {string}
                     */
                    scope?: "all" | "marketing";
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OptOutPhrase"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    delete_opt_out_phrases_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_opt_outs_import: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key gives the first answer again instead of doing it twice; kept for 7 days */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** @description Column with the phone numbers, when it is not found by itself */
                    phone_column?: string;
                    /** @description Column with the country of each number */
                    country_column?: string;
                    /** @description Country of numbers that do not say theirs, as CO */
                    default_country?: string;
                    /** @description How the bytes of a text file are read, as utf-8 or windows-1252 */
                    encoding?: string;
                    /** @enum {string} */
                    delimiter?: "comma" | "semicolon" | "tab" | "pipe";
                    /** @description Of a workbook: the sheet with the list */
                    sheet?: string;
                    /** @description Line of the heading; 0 = the file has none */
                    heading_row?: number;
                    /**
                     * Format: binary
                     * @description CSV, separated by commas, semicolons, tabs or |, in UTF-8, UTF-16, Windows-1252 or another encoding; a workbook of Excel (.xlsx) or LibreOffice (.ods), by the values of its formulas. An old workbook (.xls) is refused with advice. It comes after the other fields
                     */
                    file: Blob;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OptOutImportReport"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_spending: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Spending"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    put_spending_limits: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SpendingLimits"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Spending"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_rate_cards: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Of the prices that hold now */
                        currency: string;
                        /** @description COST_PER_MESSAGE, which comes before every card; null when it is not set */
                        cost_per_message: string | null;
                        data: {
                            /** @description Null for a card that comes with the program */
                            id: number | null;
                            currency: string;
                            /** @description YYYY-MM-DD */
                            effective_from: string;
                            /** @description How many it names */
                            markets: number;
                            has_tiers: boolean;
                            /** @enum {string} */
                            state: "in_force" | "next" | "over" | "other_currency";
                            filename: string | null;
                            loaded_by: string | null;
                            loaded_at: string | null;
                        }[];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_rate_cards: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRateCard"];
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                        currency: string;
                        effective_from: string;
                        markets: number;
                        /** @description What differs from the card that would hold without it */
                        changes: {
                            market: string;
                            category: string;
                            /** @description Exact, in `currency`, with a point */
                            before: string;
                            /** @description Exact, in `currency`, with a point */
                            after: string;
                        }[];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    delete_rate_cards_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The rate card */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_replies: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
                campaign_id?: number;
                phone?: string;
                unread?: "true" | "false";
                /** @description Those that somebody has to decide */
                doubtful?: "true" | "false";
                /** @description Those that are an opt-out */
                opted_out?: "true" | "false";
                /** @description In the text, the name or the number */
                search?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Reply"][];
                        total: number;
                        limit: number;
                        offset: number;
                        /** @description Of all replies, whatever the filter */
                        counts: {
                            unread: number;
                            doubtful: number;
                        };
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_replies_id_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reply"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_replies_id_decide: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key gives the first answer again instead of doing it twice; kept for 7 days */
                "idempotency-key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    opt_out: boolean;
                    /**
                     * @default all
                     * @enum {string}
                     */
                    scope?: "all" | "marketing";
                    reason?: string;
                    /** @description Of a sender whose phone is hidden, once you know it */
                    phone?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reply"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_status: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Status"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_alarms: {
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
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["PastAlarm"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_stop_everything: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        stopped_at: string | null;
                        paused_campaigns: number[];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_lift_stop: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        stopped_at: string | null;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_webhooks_replay: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: date-time
                     * @description ISO-8601 with the zone, as 2026-01-31T09:00:00Z
                     */
                    from: string;
                    /**
                     * Format: date-time
                     * @description Not included
                     */
                    to: string;
                } | {
                    /** @enum {boolean} */
                    stuck: true;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        queued: number;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_campaigns_id_recount: {
        parameters: {
            query?: {
                /** @description Also against the journal: whatever Meta told of a message, it stands in that box or a later one */
                journal?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description The campaign */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        campaign_id: number;
                        /** @description Every counter equals the count of the rows, and no message stands behind the journal */
                        ok: boolean;
                        total_recipients: number;
                        by_status: components["schemas"]["ByStatus"];
                        differences: {
                            counter: string;
                            counted: number;
                            recounted: number;
                        }[];
                        rebuilt: boolean;
                        /** @description Null unless asked for */
                        journal: {
                            /** @description Applied ones that speak of this campaign */
                            webhooks: number;
                            statuses: number;
                            /** @description Statuses that name these messages and are of others: of a life of this database that a restore ended */
                            strangers: number;
                            behind_total: number;
                            /** @description Messages that stand before what Meta told of them; the first hundred */
                            behind: {
                                recipient_id: number;
                                attempt: number;
                                /** @enum {string} */
                                told: "pending" | "cancelled" | "skipped" | "sending" | "unknown" | "held" | "accepted" | "sent" | "failed" | "delivered" | "read";
                                box: ("pending" | "cancelled" | "skipped" | "sending" | "unknown" | "held" | "accepted" | "sent" | "failed" | "delivered" | "read") | null;
                            }[];
                            /** @description Webhooks that were put back to be applied once more */
                            replayed: number;
                        } | null;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_campaigns_id_recount: {
        parameters: {
            query?: {
                /** @description Also against the journal: whatever Meta told of a message, it stands in that box or a later one */
                journal?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description The campaign */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        campaign_id: number;
                        /** @description Every counter equals the count of the rows, and no message stands behind the journal */
                        ok: boolean;
                        total_recipients: number;
                        by_status: components["schemas"]["ByStatus"];
                        differences: {
                            counter: string;
                            counted: number;
                            recounted: number;
                        }[];
                        rebuilt: boolean;
                        /** @description Null unless asked for */
                        journal: {
                            /** @description Applied ones that speak of this campaign */
                            webhooks: number;
                            statuses: number;
                            /** @description Statuses that name these messages and are of others: of a life of this database that a restore ended */
                            strangers: number;
                            behind_total: number;
                            /** @description Messages that stand before what Meta told of them; the first hundred */
                            behind: {
                                recipient_id: number;
                                attempt: number;
                                /** @enum {string} */
                                told: "pending" | "cancelled" | "skipped" | "sending" | "unknown" | "held" | "accepted" | "sent" | "failed" | "delivered" | "read";
                                box: ("pending" | "cancelled" | "skipped" | "sending" | "unknown" | "held" | "accepted" | "sent" | "failed" | "delivered" | "read") | null;
                            }[];
                            /** @description Webhooks that were put back to be applied once more */
                            replayed: number;
                        } | null;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    get_backup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The archive */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    [name: string]: unknown;
                };
                content: {
                    "application/gzip": Blob;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
    post_erasures: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    phone?: string;
                    /** @description Of somebody who hides the phone */
                    user_id?: string;
                    /**
                     * @description True: nobody writes to them again, whoever uploads them. False: only what they have said themselves still holds
                     * @default true
                     */
                    block?: boolean;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Erasure"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["NotAuthenticated"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["WrongType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Refusal"];
        };
    };
}
