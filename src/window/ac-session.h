/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the window has of a service at the moment: the connection, who the person is there, and the
 * things that come with it. Every page looks here; when the session changes, they follow.
 *
 * Properties (read-only): state (AcSessionState), message (string, nullable: why it is not
 * connected), source (AcActionSource, nullable), counts (AcCounts, nullable), user-name and
 * role-label (strings, nullable), address (string, nullable), may-decide (boolean), notice (string,
 * nullable: how the actions are kept, where that needs a word). */
#pragma once

#include "client/ac-action-source.h"
#include "client/ac-connection.h"
#include "client/ac-counts.h"

G_BEGIN_DECLS

#define AC_TYPE_SESSION_STATE (ac_session_state_get_type ())
typedef enum
{
  AC_SESSION_DISCONNECTED, /* no address or no token is known */
  AC_SESSION_CONNECTING,
  AC_SESSION_CONNECTED,
  AC_SESSION_FAILED, /* it was tried, and the message says why it did not work */
} AcSessionState;

GType ac_session_state_get_type (void);

#define AC_TYPE_SESSION (ac_session_get_type ())
G_DECLARE_FINAL_TYPE (AcSession, ac_session, AC, SESSION, GObject)

AcSession *ac_session_new (void);
void ac_session_set_first_query (AcSession *self, AcActionQuery *query);
void ac_session_open (AcSession *self, AcConnection *connection);
void ac_session_adopt (AcSession *self, AcConnection *connection, AcApi *api, const AcMe *me);
void ac_session_reopen (AcSession *self);
void ac_session_close (AcSession *self);

AcSessionState ac_session_get_state (AcSession *self);
const char *ac_session_get_message (AcSession *self);
AcConnection *ac_session_get_connection (AcSession *self);
AcApi *ac_session_get_api (AcSession *self);
AcActionSource *ac_session_get_source (AcSession *self);
AcCounts *ac_session_get_counts (AcSession *self);
const char *ac_session_get_notice (AcSession *self);
const AcMe *ac_session_get_me (AcSession *self);
gboolean ac_session_may (AcSession *self, AcPermission permission);

G_END_DECLS
