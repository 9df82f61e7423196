/* SPDX-License-Identifier: GPL-3.0-or-later */
/* actionctl export: actions into files, as the window exports them. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "actionctl/ac-ctl.h"
#include "client/ac-export-note.h"
#include "client/ac-export.h"
#include "client/ac-http-action-source.h"
#include "client/ac-query-text.h"

static gboolean pending;
static gboolean history;
static char *filters;
static char *search;
static char *format_name;
static char *folder;
static char *name;

static const GOptionEntry options[] = {
  { "pending", 0, 0, G_OPTION_ARG_NONE, &pending, N_ ("Only what waits for a decision"), NULL },
  { "history", 0, 0, G_OPTION_ARG_NONE, &history, N_ ("Only what does not"), NULL },
  { "filters", 0, 0, G_OPTION_ARG_STRING, &filters,
    N_ ("Only what these filters let through, such as {\"status\":[\"failed\"]}"), N_ ("JSON") },
  { "search", 0, 0, G_OPTION_ARG_STRING, &search, N_ ("Only with these words"), N_ ("TEXT") },
  { "format", 0, 0, G_OPTION_ARG_STRING, &format_name, N_ ("csv (the default), json or ocsf"),
    N_ ("FORMAT") },
  { "folder", 0, 0, G_OPTION_ARG_FILENAME, &folder, N_ ("Where the files go; here when not given"),
    N_ ("FOLDER") },
  { "name", 0, 0, G_OPTION_ARG_STRING, &name,
    N_ ("What the file is called, without its ending (actions)"), N_ ("NAME") },
  { NULL },
};

static AcActionQuery *
make_query (void)
{
  g_autoptr (AcActionQuery) query = ac_action_query_new (pending   ? AC_TAB_PENDING
                                                         : history ? AC_TAB_HISTORY
                                                                   : AC_TAB_ALL);
  g_autoptr (AcActionQuery) filtered = NULL;
  g_autoptr (GError) error = NULL;

  if (pending && history)
    {
      ac_ctl_complain (_ ("--pending and --history leave nothing over; give one of them."));
      return NULL;
    }
  filtered = ac_query_text_parse (query, filters != NULL ? filters : "{}", &error);
  if (filtered == NULL)
    {
      ac_ctl_complain ("%s", error->message);
      return NULL;
    }
  return search != NULL ? ac_action_query_with_search (filtered, search) : g_object_ref (filtered);
}

/* Who has taken what along stands in the audit log of the service. The files are there, told or not. */
static void
note (AcCtl *ctl, AcExportFormat format, guint64 n, AcActionQuery *query)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *answer = NULL;

  ac_export_note_async (ctl->api, format, n, query, NULL, ac_ctl_answer_cb, &answer);
  result = ac_ctl_wait (&answer);
  if (!ac_export_note_finish (ctl->api, result, &error))
    ac_ctl_complain (_ ("The export does not stand in the audit log of the service: %s"),
                     error->message);
}

static AcCtlExit export(AcCtl *ctl, const char *const *arguments)
{
  g_autoptr (AcActionQuery) query = make_query ();
  g_autoptr (AcHttpActionSource) source = NULL;
  g_autoptr (AcExport) job = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) paths = NULL;
  g_autofree char *number = NULL;
  g_autofree char *text = NULL;
  GAsyncResult *answer = NULL;
  AcExportFormat format = AC_EXPORT_CSV;
  guint64 n = 0;

  if (query == NULL)
    return AC_CTL_USAGE;
  if (format_name != NULL && !ac_export_format_parse (format_name, &format))
    {
      ac_ctl_complain (_ ("There is no format “%s”; give csv, json or ocsf."), format_name);
      return AC_CTL_USAGE;
    }
  source = ac_http_action_source_new (ctl->api);
  job = ac_export_new (AC_ACTION_SOURCE (source), format, folder != NULL ? folder : ".",
                       name != NULL ? name : "actions");
  ac_export_run_async (job, query, NULL, NULL, ac_ctl_answer_cb, &answer);
  result = ac_ctl_wait (&answer);
  paths = ac_export_run_finish (job, result, &n, &error);
  if (paths == NULL)
    {
      ac_ctl_complain ("%s", error->message);
      return AC_CTL_FAILED;
    }
  note (ctl, format, n, query);
  for (guint i = 0; paths[i] != NULL; i++)
    g_print ("%s\n", paths[i]);
  number = g_strdup_printf ("%" G_GUINT64_FORMAT, n);
  text = g_strdup_printf (ngettext ("%s action exported.", "%s actions exported.", (gulong)n),
                          number);
  g_printerr ("%s\n", text);
  return AC_CTL_DONE;
}

const AcCtlCommand ac_ctl_export = {
  .name = "export",
  .summary = N_ ("Export actions into files"),
  .options = options,
  .run = export,
};
