/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the commands of actionctl share: the connection they were given, how they wait for an
 * answer, and how they print. A program on a command line has nothing else to do while it waits, so
 * unlike everything else here it waits in the place where it asks. */
#pragma once

#include "client/ac-api.h"

G_BEGIN_DECLS

/* What the command ends with; scripts depend on it. */
typedef enum
{
  AC_CTL_DONE = 0,
  AC_CTL_FAILED = 1,    /* nothing was done: no connection, refused, a conflict */
  AC_CTL_USAGE = 2,     /* the command line makes no sense */
  AC_CTL_UNFINISHED = 3 /* decided, but some actions failed or were skipped */
} AcCtlExit;

typedef struct
{
  AcApi *api;
  gboolean json;
} AcCtl;

typedef struct
{
  const char *name;
  const char *arguments; /* nullable: for --help */
  const char *summary;   /* untranslated */
  const GOptionEntry *options;
  AcCtlExit (*run) (AcCtl *ctl, const char *const *arguments);
} AcCtlCommand;

extern const AcCtlCommand ac_ctl_export;
extern const AcCtlCommand ac_ctl_list;
extern const AcCtlCommand ac_ctl_show;
extern const AcCtlCommand ac_ctl_message;
extern const AcCtlCommand ac_ctl_search;
extern const AcCtlCommand ac_ctl_approve;
extern const AcCtlCommand ac_ctl_reject;
extern const AcCtlCommand ac_ctl_undo;
extern const AcCtlCommand ac_ctl_retry;
extern const AcCtlCommand ac_ctl_take_back;
extern const AcCtlCommand ac_ctl_watch;

AcApi *
ac_ctl_connect (const char *address, const char *token_file, const char *ca_file, GError **error);

/* Waiting */
void ac_ctl_answer_cb (GObject *object, GAsyncResult *result, gpointer answer);
GAsyncResult *ac_ctl_wait (GAsyncResult **answer);

/* Printing */
void ac_ctl_print_json (JsonObject *object);
char *ac_ctl_safe_text (const char *text);
char *ac_ctl_time_text (gint64 time);
void ac_ctl_complain (const char *format, ...) G_GNUC_PRINTF (1, 2);

typedef struct _AcCtlTable AcCtlTable;

AcCtlTable *ac_ctl_table_new (const char *const *titles);
void ac_ctl_table_add (AcCtlTable *table, const char *const *cells);
void ac_ctl_table_print (AcCtlTable *table);
void ac_ctl_table_free (AcCtlTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcCtlTable, ac_ctl_table_free)

G_END_DECLS
