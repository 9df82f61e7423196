/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The answers of the API that are not a model object of their own: who am I, pages, changes. Plain
 * structs, owned by whoever got them from a _finish function. */
#pragma once

#include "model/ac-action.h"
#include "model/ac-investigation.h"
#include "model/ac-log-entry.h"

G_BEGIN_DECLS

/* GET /me */
typedef struct
{
  char *name;
  char *role;             /* raw */
  GStrv permissions;      /* raw */
  gint64 history_days;    /* how long settled actions are kept; 0: for ever, or not known */
  gboolean second_person; /* somebody else must approve what this person has proposed */
} AcMe;

AcMe *ac_me_new_from_json (JsonObject *object, GError **error);
gboolean ac_me_may (const AcMe *me, AcPermission permission);
gboolean ac_me_may_decide (const AcMe *me, const char *action_type);
AcMe *ac_me_copy (const AcMe *me);
void ac_me_free (AcMe *me);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcMe, ac_me_free)

/* GET /actions */
typedef struct
{
  GPtrArray *actions; /* of AcAction; NULL when only ids were asked for */
  GStrv ids;          /* in the order of the query; NULL when whole actions were asked for */
  char *next_cursor;  /* nullable: this is the last page */
  guint64 total;      /* of the whole query */
} AcActionPage;

AcActionPage *ac_action_page_new_from_json (JsonObject *object, gboolean ids_only, GError **error);
void ac_action_page_free (AcActionPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcActionPage, ac_action_page_free)

/* GET /investigations */
typedef struct
{
  GPtrArray *investigations; /* of AcInvestigation, with counts instead of actions */
  char *next_cursor;         /* nullable */
  guint64 total;
  JsonObject *facets; /* nullable: of a first page: filter → value → how many there are */
} AcInvestigationPage;

AcInvestigationPage *ac_investigation_page_new_from_json (JsonObject *object, GError **error);
void ac_investigation_page_free (AcInvestigationPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcInvestigationPage, ac_investigation_page_free)

/* GET /investigations/{id}/log */
typedef struct
{
  GPtrArray *entries; /* of AcLogEntry */
  char *next_cursor;  /* nullable */
  guint64 total;
} AcInvestigationLogPage;

AcInvestigationLogPage *ac_investigation_log_page_new_from_json (JsonObject *object,
                                                                 GError **error);
void ac_investigation_log_page_free (AcInvestigationLogPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcInvestigationLogPage, ac_investigation_log_page_free)

typedef enum
{
  AC_CHANGE_OTHER, /* a kind this program does not know */
  AC_CHANGE_ACTION,
  AC_CHANGE_INVESTIGATION,
  AC_CHANGE_OPERATION,
} AcChangeKind;

typedef struct
{
  char *token;
  AcChangeKind kind;
  char *id;
  gint64 version;
  gint64 at;
  AcAction *action; /* nullable: the action as it is now */
} AcChange;

/* GET /changes */
typedef struct
{
  GPtrArray *changes; /* of AcChange, in order */
  char *next;         /* the token to go on from */
  gboolean more;      /* more are waiting already */
} AcChangePage;

AcChangePage *ac_change_page_new_from_json (JsonObject *object, GError **error);
void ac_change_page_free (AcChangePage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcChangePage, ac_change_page_free)

G_END_DECLS
