/* SPDX-License-Identifier: GPL-3.0-or-later */
/* actionctl list: the actions of a query, page by page, so that a million of them can go through a
 * pipe. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "actionctl/ac-ctl.h"
#include "model/ac-time.h"

static gboolean pending;
static gboolean history;
static gboolean ascending;
static GStrv filters[AC_N_FILTERS];
static char *search;
static char *sort;
static int limit = 100;

static const GOptionEntry options[] = {
  { "pending", 0, 0, G_OPTION_ARG_NONE, &pending, N_ ("Only what waits for a decision"), NULL },
  { "history", 0, 0, G_OPTION_ARG_NONE, &history, N_ ("Only what does not"), NULL },
  { "status", 0, 0, G_OPTION_ARG_STRING_ARRAY, &filters[AC_FILTER_STATUS],
    N_ ("Only actions in this status; like all filters it may be given several times"),
    N_ ("STATUS") },
  { "type", 0, 0, G_OPTION_ARG_STRING_ARRAY, &filters[AC_FILTER_TYPE],
    N_ ("Only actions of this type"), N_ ("TYPE") },
  { "entity-type", 0, 0, G_OPTION_ARG_STRING_ARRAY, &filters[AC_FILTER_ENTITY_TYPE],
    N_ ("Only about entities of this type"), N_ ("TYPE") },
  { "source", 0, 0, G_OPTION_ARG_STRING_ARRAY, &filters[AC_FILTER_SOURCE],
    N_ ("Only proposed by this source"), N_ ("SOURCE") },
  { "decision", 0, 0, G_OPTION_ARG_STRING_ARRAY, &filters[AC_FILTER_DECISION],
    N_ ("Only with this decision"), N_ ("DECISION") },
  { "undo-state", 0, 0, G_OPTION_ARG_STRING_ARRAY, &filters[AC_FILTER_UNDO_STATE],
    N_ ("Only with this state of the undo"), N_ ("STATE") },
  { "verdict", 0, 0, G_OPTION_ARG_STRING_ARRAY, &filters[AC_FILTER_VERDICT],
    N_ ("Only with this verdict"), N_ ("VERDICT") },
  { "asset", 0, 0, G_OPTION_ARG_STRING_ARRAY, &filters[AC_FILTER_ASSET],
    N_ ("Only on this mailbox or device"), N_ ("ASSET") },
  { "decided-by", 0, 0, G_OPTION_ARG_STRING_ARRAY, &filters[AC_FILTER_DECIDED_BY],
    N_ ("Only decided by this person"), N_ ("NAME") },
  { "investigation", 0, 0, G_OPTION_ARG_STRING_ARRAY, &filters[AC_FILTER_INVESTIGATION],
    N_ ("Only of this investigation"), N_ ("ID") },
  { "operation", 0, 0, G_OPTION_ARG_STRING_ARRAY, &filters[AC_FILTER_OPERATION],
    N_ ("Only what this operation decided"), N_ ("ID") },
  { "search", 0, 0, G_OPTION_ARG_STRING, &search, N_ ("Only with these words"), N_ ("TEXT") },
  { "sort", 0, 0, G_OPTION_ARG_STRING, &sort,
    N_ ("In the order of a column, such as updatedAt (the default), status or asset"),
    N_ ("COLUMN") },
  { "ascending", 0, 0, G_OPTION_ARG_NONE, &ascending, N_ ("Smallest or oldest first"), NULL },
  { "limit", 0, 0, G_OPTION_ARG_INT, &limit, N_ ("At most so many, 0 for all (100)"),
    N_ ("NUMBER") },
  { NULL },
};

static gboolean
parse_sort (AcSort *column)
{
  for (guint i = 0; i < AC_N_SORTS; i++)
    if (g_strcmp0 (sort, ac_sort_wire ((AcSort)i)) == 0)
      {
        *column = (AcSort)i;
        return TRUE;
      }
  ac_ctl_complain (_ ("There is no column “%s” to sort by."), sort);
  return FALSE;
}

/* NULL: the command line makes no sense. */
static AcActionQuery *
make_query (void)
{
  AcTab tab = pending ? AC_TAB_PENDING : history ? AC_TAB_HISTORY : AC_TAB_ALL;
  g_autoptr (AcActionQuery) query = ac_action_query_new (tab);
  AcSort column = AC_SORT_UPDATED_AT;
  AcActionQuery *next;

  if (pending && history)
    {
      ac_ctl_complain (_ ("--pending and --history leave nothing over; give one of them."));
      return NULL;
    }
  if (limit < 0)
    {
      ac_ctl_complain (_ ("--limit must not be negative."));
      return NULL;
    }
  if (sort != NULL && !parse_sort (&column))
    return NULL;
  for (guint i = 0; i < AC_N_FILTERS; i++)
    if (filters[i] != NULL)
      {
        next = ac_action_query_with_filter (query, (AcFilter)i, (const char *const *)filters[i]);
        g_set_object (&query, next);
        g_object_unref (next);
      }
  if (search != NULL)
    {
      next = ac_action_query_with_search (query, search);
      g_set_object (&query, next);
      g_object_unref (next);
    }
  return ac_action_query_with_sort (query, column, !ascending);
}

static void
add_row (AcCtlTable *table, AcAction *action)
{
  const char *const *assets = ac_action_get_assets (action);
  guint n_assets = g_strv_length ((GStrv)assets);
  g_autofree char *updated = ac_ctl_time_text (ac_action_get_updated_at (action));
  g_autofree char *asset = n_assets > 1 ? g_strdup_printf ("%s (+%u)", assets[0], n_assets - 1)
                                        : g_strdup (n_assets == 1 ? assets[0] : "");

  ac_ctl_table_add (
      table,
      (const char *const[]){
          ac_action_get_id (action), updated,
          ac_vocabulary_label (AC_VOCABULARY_STATUS, ac_action_get_status (action)),
          ac_vocabulary_label (AC_VOCABULARY_ACTION_TYPE, ac_action_get_action_type (action)),
          ac_vocabulary_label (AC_VOCABULARY_VERDICT, ac_action_get_verdict (action)), asset,
          ac_action_get_details (action), ac_action_get_decided_by (action), NULL });
}

static void
print_page (AcCtl *ctl, AcCtlTable *table, const AcActionPage *page)
{
  for (guint i = 0; i < page->actions->len; i++)
    if (ctl->json)
      {
        g_autoptr (JsonObject) object = ac_action_to_json (page->actions->pdata[i]);

        ac_ctl_print_json (object);
      }
    else
      add_row (table, page->actions->pdata[i]);
}

static AcCtlExit
list (AcCtl *ctl, const char *const *arguments)
{
  g_autoptr (AcActionQuery) query = make_query ();
  g_autoptr (AcCtlTable) table = ac_ctl_table_new (
      (const char *const[]){ _ ("ID"), _ ("Updated"), _ ("Status"), _ ("Type"), _ ("Verdict"),
                             _ ("Asset"), _ ("Details"), _ ("Decided by"), NULL });
  g_autofree char *cursor = NULL;
  guint64 shown = 0;
  guint64 total = 0;

  if (query == NULL)
    return AC_CTL_USAGE;
  do
    {
      guint64 wanted = limit == 0 ? AC_API_MAX_LIMIT : (guint64)limit - shown;
      g_autoptr (AcActionPage) page = NULL;
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;
      GAsyncResult *answer = NULL;

      ac_api_list_actions_async (ctl->api, query, cursor, (guint)MIN (wanted, AC_API_MAX_LIMIT),
                                 FALSE, NULL, ac_ctl_answer_cb, &answer);
      result = ac_ctl_wait (&answer);
      page = ac_api_list_actions_finish (ctl->api, result, &error);
      if (page == NULL)
        {
          ac_ctl_complain ("%s", error->message);
          return AC_CTL_FAILED;
        }
      print_page (ctl, table, page);
      shown += page->actions->len;
      total = page->total;
      g_free (cursor);
      cursor = g_steal_pointer (&page->next_cursor);
    }
  while (cursor != NULL && (limit == 0 || shown < (guint64)limit));

  if (!ctl->json && shown > 0)
    ac_ctl_table_print (table);
  if (!ctl->json && shown < total)
    {
      g_autofree char *shown_text = g_strdup_printf ("%" G_GUINT64_FORMAT, shown);
      g_autofree char *total_text = g_strdup_printf ("%" G_GUINT64_FORMAT, total);
      g_autofree char *text = NULL;

      /* Translators: two numbers of actions */
      text = g_strdup_printf (_ ("%1$s of %2$s are shown; --limit 0 shows all."), shown_text,
                              total_text);
      g_printerr ("%s\n", text);
    }
  if (!ctl->json && total == 0)
    g_printerr ("%s\n", _ ("There are no such actions."));
  return AC_CTL_DONE;
}

const AcCtlCommand ac_ctl_list = {
  .name = "list",
  .summary = N_ ("List actions"),
  .options = options,
  .run = list,
};
