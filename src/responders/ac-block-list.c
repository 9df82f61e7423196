/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/ac-number.h"
#include "model/ac-time.h"
#include "responders/ac-block-list.h"

/* Goes up when a reader of the old form would misunderstand the new one. */
#define HEADER "action-center-block-list 1"
#define N_FIELDS 6

/* What stands in a field as it is. A reason is for people who look into the file as well. */
#define PLAIN_IN_FIELD "!\"#$&'()*+,/:;<=>?@[\\]^`{|}"

/* Before and behind what a block leaves. Nothing else begins so, since “!” stands as it is. */
#define LEFT_MARK "%21"

struct _AcBlockList
{
  GPtrArray *entries;     /* of AcBlockEntry */
  GHashTable *by_action;  /* "point action" → entry */
  GHashTable *by_pattern; /* "point scope key" → first entry; the others by its next */
};

static const char *const points[] = {
  [AC_BLOCK_POINT_PROXY] = "proxy",
  [AC_BLOCK_POINT_DNS] = "dns",
};

static const char *const lefts[] = {
  [AC_BLOCK_LEFT_NOTHING] = "nothing",
  [AC_BLOCK_LEFT_NAME] = "name",
  [AC_BLOCK_LEFT_BELOW] = "below",
};

G_DEFINE_QUARK (ac - block - list - error - quark, ac_block_list_error)

/**
 * ac_block_point_to_string:
 *
 * Returns: how lists, receipts and the assets of an action spell an enforcement point.
 */
const char *
ac_block_point_to_string (AcBlockPoint point)
{
  return points[point];
}

gboolean
ac_block_point_from_string (const char *text, AcBlockPoint *point)
{
  for (gsize i = 0; i < G_N_ELEMENTS (points); i++)
    if (g_strcmp0 (text, points[i]) == 0)
      {
        *point = (AcBlockPoint)i;
        return TRUE;
      }
  return FALSE;
}

/**
 * ac_block_left_to_string:
 *
 * Returns: how lists and receipts spell it.
 */
const char *
ac_block_left_to_string (AcBlockLeft left)
{
  return lefts[left];
}

gboolean
ac_block_left_from_string (const char *text, AcBlockLeft *left)
{
  for (gsize i = 0; i < G_N_ELEMENTS (lefts); i++)
    if (g_strcmp0 (text, lefts[i]) == 0)
      {
        *left = (AcBlockLeft)i;
        return TRUE;
      }
  return FALSE;
}

/**
 * ac_block_entry_new:
 * @reason: (nullable): for whoever is refused the page
 * @expires_at: microseconds since 1970, or AC_TIME_NONE
 *
 * Returns: (transfer full): an entry for ac_block_list_add().
 */
AcBlockEntry *
ac_block_entry_new (AcBlockPoint point,
                    const AcUrlPattern *pattern,
                    const char *action_id,
                    const char *reason,
                    gint64 expires_at)
{
  AcBlockEntry *entry = g_new0 (AcBlockEntry, 1);

  entry->point = point;
  entry->pattern = ac_url_pattern_copy (pattern);
  entry->action_id = g_strdup (action_id);
  entry->reason = g_strdup (reason);
  entry->expires_at = expires_at;
  return entry;
}

static void
entry_free (AcBlockEntry *entry)
{
  if (entry == NULL)
    return;
  ac_url_pattern_free (entry->pattern);
  g_free (entry->action_id);
  g_free (entry->reason);
  g_free (entry);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcBlockEntry, entry_free)

/**
 * ac_block_entry_is_over:
 *
 * Returns: whether its time has ended: then it blocks nothing any more.
 */
gboolean
ac_block_entry_is_over (const AcBlockEntry *entry, gint64 now)
{
  return entry->expires_at != AC_TIME_NONE && entry->expires_at <= now;
}

AcBlockList *
ac_block_list_new (void)
{
  AcBlockList *list = g_new0 (AcBlockList, 1);

  list->entries = g_ptr_array_new_with_free_func ((GDestroyNotify)entry_free);
  list->by_action = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  list->by_pattern = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return list;
}

void
ac_block_list_free (AcBlockList *list)
{
  if (list == NULL)
    return;
  g_hash_table_unref (list->by_action);
  g_hash_table_unref (list->by_pattern);
  g_ptr_array_unref (list->entries);
  g_free (list);
}

static char *
action_key (AcBlockPoint point, const char *action_id)
{
  return g_strconcat (points[point], " ", action_id, NULL);
}

static char *
pattern_key (AcBlockPoint point, AcUrlScope scope, const char *key)
{
  return g_strconcat (points[point], " ", ac_url_scope_wire (scope), " ", key, NULL);
}

/* --- the text form --- */

static gboolean
unreadable (GError **error, guint line, const char *what)
{
  g_set_error (error, AC_BLOCK_LIST_ERROR, AC_BLOCK_LIST_ERROR_UNREADABLE,
               "The block list cannot be read: line %u %s.", line, what);
  return FALSE;
}

static gboolean
read_time (const char *text, gint64 *time)
{
  *time = AC_TIME_NONE;
  return strcmp (text, "-") == 0 || ac_time_parse (text, TRUE, time);
}

/* "-" stands for nothing; the field of a text that is “-” is percent-encoded. */
static gboolean
read_text (const char *field, gboolean may_be_empty, char **text)
{
  *text = NULL;
  if (strcmp (field, "-") == 0)
    return may_be_empty;
  *text = g_uri_unescape_string (field, NULL);
  return *text != NULL && **text != '\0' && g_utf8_validate (*text, -1, NULL);
}

/* A reason, and what stands before it. */
static gboolean
read_reason (const char *field, AcBlockEntry *entry)
{
  const char *end;
  g_autofree char *left = NULL;

  if (g_str_has_prefix (field, LEFT_MARK))
    {
      field += strlen (LEFT_MARK);
      end = strstr (field, LEFT_MARK);
      left = g_strndup (field, end != NULL ? (gsize)(end - field) : 0);
      if (!ac_block_left_from_string (left, &entry->left))
        return FALSE;
      field = end + strlen (LEFT_MARK);
    }
  return read_text (field, TRUE, &entry->reason);
}

static gboolean
read_entry (AcBlockList *list, const char *line, guint number, GError **error)
{
  g_auto (GStrv) fields = g_strsplit (line, " ", N_FIELDS + 1);
  g_autoptr (AcBlockEntry) entry = g_new0 (AcBlockEntry, 1);
  AcUrlScope scope;

  if (g_strv_length (fields) != N_FIELDS)
    return unreadable (error, number, "has not six fields");
  scope = ac_url_scope_parse (fields[1]);
  if (!ac_block_point_from_string (fields[0], &entry->point) || scope == AC_URL_SCOPE_UNKNOWN)
    return unreadable (error, number, "blocks in a way that this program does not know");
  entry->pattern = ac_url_pattern_new_from_key (scope, fields[4]);
  if (entry->pattern == NULL || !read_time (fields[2], &entry->expires_at) ||
      !read_text (fields[3], FALSE, &entry->action_id) || !read_reason (fields[5], entry))
    return unreadable (error, number, "holds a field that is none");
  if (ac_block_list_find (list, entry->point, entry->action_id) != NULL)
    return unreadable (error, number, "names an action for the second time");
  ac_block_list_add (list, g_steal_pointer (&entry));
  return TRUE;
}

/**
 * ac_block_list_new_from_text:
 *
 * Returns: (transfer full): the list, or %NULL with AC_BLOCK_LIST_ERROR_UNREADABLE.
 */
AcBlockList *
ac_block_list_new_from_text (const char *text, gsize length, GError **error)
{
  g_autoptr (AcBlockList) list = ac_block_list_new ();
  const char *at = text;
  const char *end = text + length;
  gboolean is_whole = FALSE;

  for (guint number = 1; at < end; number++)
    {
      const char *stop = memchr (at, '\n', (gsize)(end - at));
      g_autofree char *line = stop != NULL ? g_strndup (at, (gsize)(stop - at)) : NULL;
      guint64 n;

      if (line == NULL || is_whole)
        break;
      if (number == 1)
        {
          if (strcmp (line, HEADER) != 0)
            break;
        }
      else if (g_str_has_prefix (line, "end "))
        is_whole =
            ac_number_parse (line + strlen ("end "), 0, G_MAXUINT, &n) && n == list->entries->len;
      else if (!read_entry (list, line, number, error))
        return NULL;
      at = stop + 1;
    }
  if (is_whole && at == end)
    return g_steal_pointer (&list);
  g_set_error (error, AC_BLOCK_LIST_ERROR, AC_BLOCK_LIST_ERROR_UNREADABLE,
               "The block list cannot be read: it does not begin with “%s”, or has no line at its "
               "end that counts its entries.",
               HEADER);
  return NULL;
}

static void
append_field (GString *out, const char *text)
{
  if (text == NULL || *text == '\0')
    g_string_append_c (out, '-');
  else if (strcmp (text, "-") == 0)
    g_string_append (out, "%2D");
  else
    g_string_append_uri_escaped (out, text, PLAIN_IN_FIELD, TRUE);
}

/**
 * ac_block_list_to_text:
 * @length: (out): in bytes
 *
 * Returns: (transfer full): the text form.
 */
char *
ac_block_list_to_text (AcBlockList *list, gsize *length)
{
  g_autoptr (GString) text = g_string_new (HEADER "\n");

  for (guint i = 0; i < list->entries->len; i++)
    {
      const AcBlockEntry *entry = list->entries->pdata[i];
      g_autofree char *time =
          entry->expires_at != AC_TIME_NONE ? ac_time_format (entry->expires_at) : g_strdup ("-");

      g_string_append_printf (text, "%s %s %s ", points[entry->point],
                              ac_url_scope_wire (entry->pattern->scope), time);
      append_field (text, entry->action_id);
      g_string_append_printf (text, " %s ", entry->pattern->key);
      if (entry->left != AC_BLOCK_LEFT_NOTHING)
        g_string_append_printf (text, "%s%s%s", LEFT_MARK, lefts[entry->left], LEFT_MARK);
      append_field (text, entry->reason);
      g_string_append_c (text, '\n');
    }
  g_string_append_printf (text, "end %u\n", list->entries->len);
  *length = text->len;
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* --- entries --- */

guint
ac_block_list_get_size (AcBlockList *list)
{
  return list->entries->len;
}

const AcBlockEntry *
ac_block_list_get (AcBlockList *list, guint index)
{
  g_return_val_if_fail (index < list->entries->len, NULL);

  return list->entries->pdata[index];
}

/**
 * ac_block_list_find:
 *
 * Returns: (nullable): what the action blocks there.
 */
const AcBlockEntry *
ac_block_list_find (AcBlockList *list, AcBlockPoint point, const char *action_id)
{
  g_autofree char *key = action_key (point, action_id);

  return g_hash_table_lookup (list->by_action, key);
}

/**
 * ac_block_list_add:
 * @entry: (transfer full): of an action that has none there yet
 */
void
ac_block_list_add (AcBlockList *list, AcBlockEntry *entry)
{
  char *key = pattern_key (entry->point, entry->pattern->scope, entry->pattern->key);

  g_return_if_fail (ac_block_list_find (list, entry->point, entry->action_id) == NULL);

  g_ptr_array_add (list->entries, entry);
  g_hash_table_insert (list->by_action, action_key (entry->point, entry->action_id), entry);
  entry->next = g_hash_table_lookup (list->by_pattern, key);
  g_hash_table_insert (list->by_pattern, key, entry);
}

static void
unlink_pattern (AcBlockList *list, const AcBlockEntry *entry)
{
  char *key = pattern_key (entry->point, entry->pattern->scope, entry->pattern->key);
  AcBlockEntry *first = g_hash_table_lookup (list->by_pattern, key);

  if (first == entry && entry->next != NULL)
    g_hash_table_insert (list->by_pattern, g_steal_pointer (&key), entry->next);
  else if (first == entry)
    g_hash_table_remove (list->by_pattern, key);
  else
    {
      while (first->next != entry)
        first = first->next;
      first->next = entry->next;
    }
  g_free (key);
}

/**
 * ac_block_list_remove:
 *
 * Returns: whether there was an entry of the action there.
 */
gboolean
ac_block_list_remove (AcBlockList *list, AcBlockPoint point, const char *action_id)
{
  g_autofree char *key = action_key (point, action_id);
  AcBlockEntry *entry = g_hash_table_lookup (list->by_action, key);

  if (entry == NULL)
    return FALSE;
  unlink_pattern (list, entry);
  g_hash_table_remove (list->by_action, key);
  g_ptr_array_remove (list->entries, entry);
  return TRUE;
}

/* --- what is blocked --- */

/* Where the entries that are found go to; with an array all of them, else the first one. */
typedef struct
{
  AcBlockList *list;
  AcBlockPoint point;
  gint64 now;
  const char *but_action_id; /* nullable */
  GPtrArray *all;            /* nullable; of AcBlockEntry */
} Look;

static const AcBlockEntry *
look (const Look *what, AcUrlScope scope, const char *key)
{
  g_autofree char *whole = pattern_key (what->point, scope, key);

  for (const AcBlockEntry *entry = g_hash_table_lookup (what->list->by_pattern, whole);
       entry != NULL; entry = entry->next)
    {
      if (ac_block_entry_is_over (entry, what->now) ||
          g_strcmp0 (entry->action_id, what->but_action_id) == 0)
        continue;
      if (what->all == NULL)
        return entry;
      g_ptr_array_add (what->all, (gpointer)entry);
    }
  return NULL;
}

static const AcBlockEntry *
look_for_domains (const Look *what, const char *host)
{
  const AcBlockEntry *entry = NULL;

  for (; entry == NULL && host != NULL; host = ac_url_host_parent (host))
    entry = look (what, AC_URL_SCOPE_DOMAIN, host);
  return entry;
}

static const AcBlockEntry *
look_for_host (const Look *what, const char *host)
{
  const AcBlockEntry *entry = look (what, AC_URL_SCOPE_HOST, host);

  return entry != NULL ? entry : look_for_domains (what, host);
}

/**
 * ac_block_list_match_host:
 * @host: in its one spelling
 * @now: microseconds since 1970
 *
 * Returns: (nullable): an entry by which a proxy refuses everything on @host.
 */
const AcBlockEntry *
ac_block_list_match_host (AcBlockList *list, const char *host, gint64 now)
{
  const Look what = { list, AC_BLOCK_POINT_PROXY, now, NULL, NULL };

  return look_for_host (&what, host);
}

/**
 * ac_block_list_match:
 * @now: microseconds since 1970
 *
 * Returns: (nullable): an entry by which a proxy refuses @url.
 */
const AcBlockEntry *
ac_block_list_match (AcBlockList *list, const AcUrl *url, gint64 now)
{
  const Look what = { list, AC_BLOCK_POINT_PROXY, now, NULL, NULL };
  g_autofree char *with_query = ac_url_to_key (url, TRUE);
  g_autofree char *without = ac_url_to_key (url, FALSE);
  const AcBlockEntry *entry = look (&what, AC_URL_SCOPE_URL, with_query);

  if (entry == NULL)
    entry = look (&what, AC_URL_SCOPE_ANY_QUERY, without);
  return entry != NULL ? entry : look_for_host (&what, url->host);
}

/**
 * ac_block_list_covering:
 * @but_action_id: (nullable): leave the entries of this action out
 *
 * Returns: (transfer container) (element-type AcBlockEntry): the entries that block all of
 * @pattern there.
 */
GPtrArray *
ac_block_list_covering (AcBlockList *list,
                        AcBlockPoint point,
                        const AcUrlPattern *pattern,
                        const char *but_action_id,
                        gint64 now)
{
  const Look what = { list, point, now, but_action_id, g_ptr_array_new () };
  g_autofree char *host = ac_url_pattern_get_host (pattern);

  if (pattern->scope == AC_URL_SCOPE_URL)
    look (&what, AC_URL_SCOPE_URL, pattern->key);
  if (!ac_url_pattern_is_host_wide (pattern))
    {
      g_autofree char *without = g_strndup (pattern->key, strcspn (pattern->key, "?"));

      look (&what, AC_URL_SCOPE_ANY_QUERY, without);
    }
  if (pattern->scope == AC_URL_SCOPE_DOMAIN)
    look_for_domains (&what, host);
  else
    look_for_host (&what, host);
  return what.all;
}
