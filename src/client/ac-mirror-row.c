/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "client/ac-mirror-row.h"
#include "client/ac-mirror.h"
#include "model/ac-search-text.h"
#include "model/ac-time.h"

/* --- ids --- */

static int
hex_pair (const char *at)
{
  int high = g_ascii_isupper (at[0]) ? -1 : g_ascii_xdigit_value (at[0]);
  int low = high < 0 || g_ascii_isupper (at[1]) ? -1 : g_ascii_xdigit_value (at[1]);

  return low < 0 ? -1 : high << 4 | low;
}

/**
 * ac_mirror_id_init:
 * @id: (out caller-allocates): the form that the mirror stores
 * @text: must live as long as @id
 */
void
ac_mirror_id_init (AcMirrorId *id, const char *text)
{
  static const guint places[] = { 0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34 };

  id->text = text;
  id->is_uuid = strlen (text) == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' &&
                text[23] == '-';
  for (guint i = 0; id->is_uuid && i < G_N_ELEMENTS (places); i++)
    {
      int byte = hex_pair (text + places[i]);

      id->is_uuid = byte >= 0;
      id->bytes[i] = (guint8)byte;
    }
}

/**
 * ac_mirror_id_format:
 * @bytes: the sixteen of a UUID
 *
 * Returns: (transfer full): the id they stand for.
 */
char *
ac_mirror_id_format (const guint8 *bytes)
{
  static const char digits[] = "0123456789abcdef";
  char *text = g_malloc (37);
  char *at = text;

  for (guint i = 0; i < 16; i++)
    {
      if (i == 4 || i == 6 || i == 8 || i == 10)
        *at++ = '-';
      *at++ = digits[bytes[i] >> 4];
      *at++ = digits[bytes[i] & 15];
    }
  *at = '\0';
  return text;
}

/* --- text --- */

static void
add_words (AcMirrorRow *row, const AcJsonSlice *value)
{
  AcJsonSlice name;
  AcJsonSlice part;
  AcJsonWalk walk;

  if (ac_json_slice_is_string (value))
    {
      g_string_append_c (row->text, '\n');
      ac_json_slice_append_string (value, row->text);
    }
  else if (ac_json_walk_object (&walk, value))
    while (ac_json_walk_member (&walk, &name, &part))
      add_words (row, &part);
  else if (ac_json_walk_array (&walk, value))
    while (ac_json_walk_element (&walk, &part))
      add_words (row, &part);
}

/* --- the row --- */

static gboolean
refuse (GError **error, const char *member)
{
  g_set_error (error, AC_MIRROR_ERROR, AC_MIRROR_ERROR_REFUSED,
               _ ("The answer of the service cannot be used: an action has no usable “%s”."),
               member);
  return FALSE;
}

/* Days since 1970 of a date of the Gregorian calendar. */
static gint64
days (gint64 year, gint64 month, gint64 day)
{
  gint64 era;
  gint64 of_era;

  year -= month <= 2;
  era = year / 400;
  of_era = (year - era * 400) * 365 + (year - era * 400) / 4 - (year - era * 400) / 100 +
           (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era - 719468;
}

static gint64
digits (const char *text, guint from, guint n)
{
  gint64 number = 0;

  for (guint i = from; i < from + n; i++)
    number = number * 10 + (text[i] - '0');
  return number;
}

/* The form that ac_time_format() writes is read here, which is some fifty times quicker than by way
 * of a GDateTime; any other is left to ac_time_parse(). */
static gboolean
read_time (const AcJsonSlice *value, gint64 *time)
{
  static const char form[] = "\"0000-00-00T00:00:00.000000Z\"";
  const char *text = value->text + 1;
  gboolean usual = value->length == strlen (form);
  g_autofree char *copy = NULL;

  for (guint i = 0; usual && i < value->length; i++)
    usual = form[i] == '0' ? g_ascii_isdigit (value->text[i]) : value->text[i] == form[i];
  usual = usual && digits (text, 0, 4) > 0 && digits (text, 5, 2) >= 1 &&
          digits (text, 5, 2) <= 12 && digits (text, 8, 2) >= 1 && digits (text, 8, 2) <= 28 &&
          digits (text, 11, 2) < 24 && digits (text, 14, 2) < 60 && digits (text, 17, 2) < 60;
  if (usual)
    {
      *time = ((days (digits (text, 0, 4), digits (text, 5, 2), digits (text, 8, 2)) * 24 +
                digits (text, 11, 2)) *
                   60 +
               digits (text, 14, 2)) *
                  60 +
              digits (text, 17, 2);
      *time = *time * G_USEC_PER_SEC + digits (text, 20, 6);
      return TRUE;
    }
  copy = ac_json_slice_dup_string (value);
  return copy != NULL && ac_time_parse (copy, FALSE, time);
}

static gboolean
read_entity (AcMirrorRow *row, const AcJsonSlice *entity)
{
  AcJsonSlice name;
  AcJsonSlice value;
  AcJsonWalk walk;

  if (!ac_json_walk_object (&walk, entity))
    return FALSE;
  while (ac_json_walk_member (&walk, &name, &value))
    if (ac_json_slice_is (&name, "type"))
      {
        g_free (row->entity_type);
        row->entity_type = ac_json_slice_dup_string (&value);
      }
  return row->entity_type != NULL;
}

static gboolean
read_assets (AcMirrorRow *row, const AcJsonSlice *assets)
{
  AcJsonSlice value;
  AcJsonWalk walk;

  if (!ac_json_walk_array (&walk, assets))
    return FALSE;
  while (ac_json_walk_element (&walk, &value))
    {
      char *asset = ac_json_slice_dup_string (&value);

      if (asset == NULL)
        return FALSE;
      g_ptr_array_add (row->assets, asset);
    }
  return TRUE;
}

static gboolean
read_string (char **place, const AcJsonSlice *value)
{
  g_free (*place);
  *place = ac_json_slice_dup_string (value);
  return *place != NULL;
}

static gboolean
is_null (const AcJsonSlice *value)
{
  return value->text[0] == 'n';
}

static gboolean
read_member (AcMirrorRow *row,
             const AcJsonSlice *name,
             const AcJsonSlice *value,
             AcJsonSlice *entity,
             GError **error)
{
  const struct
  {
    const char *name;
    char **place;
    gboolean optional;
  } strings[] = {
    { "id", &row->id, FALSE },
    { "status", &row->status, FALSE },
    { "type", &row->type, FALSE },
    { "verdict", &row->verdict, FALSE },
    { "source", &row->source, FALSE },
    { "details", &row->details, TRUE },
    { "decidedBy", &row->decided_by, TRUE },
    { "decision", &row->decision, TRUE },
    { "investigationId", &row->investigation_id, TRUE },
    { "operationId", &row->operation_id, TRUE },
  };
  gboolean good = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (strings); i++)
    if (ac_json_slice_is (name, strings[i].name))
      {
        if (strings[i].optional && is_null (value))
          return TRUE;
        return read_string (strings[i].place, value) || refuse (error, strings[i].name);
      }
  if (ac_json_slice_is (name, "version"))
    good = ac_json_slice_get_integer (value, &row->version);
  else if (ac_json_slice_is (name, "undoable"))
    row->undoable = value->text[0] == 't';
  else if (ac_json_slice_is (name, "createdAt"))
    good = read_time (value, &row->created_at);
  else if (ac_json_slice_is (name, "updatedAt"))
    good = read_time (value, &row->updated_at);
  else if (ac_json_slice_is (name, "expiresAt"))
    good = is_null (value) || read_time (value, &row->expires_at);
  else if (ac_json_slice_is (name, "entity"))
    {
      *entity = *value;
      good = read_entity (row, value);
    }
  else if (ac_json_slice_is (name, "assets"))
    good = read_assets (row, value);
  if (!good)
    {
      g_autofree char *text = ac_json_slice_dup_string (name);

      return refuse (error, text);
    }
  return TRUE;
}

static gboolean
is_complete (const AcMirrorRow *row, GError **error)
{
  const struct
  {
    const char *name;
    gboolean there;
  } required[] = {
    { "id", row->id != NULL && *row->id != '\0' },
    { "version", row->version != G_MININT64 },
    { "status", row->status != NULL },
    { "type", row->type != NULL },
    { "verdict", row->verdict != NULL },
    { "source", row->source != NULL },
    { "entity", row->entity_type != NULL },
    { "createdAt", row->created_at != AC_TIME_NONE },
    { "updatedAt", row->updated_at != AC_TIME_NONE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (required); i++)
    if (!required[i].there)
      return refuse (error, required[i].name);
  return TRUE;
}

/**
 * ac_mirror_row_new:
 * @action: an action as the API gives it; must outlive the row
 *
 * Returns: (transfer full): its columns, or %NULL with AC_MIRROR_ERROR_REFUSED naming the member.
 */
AcMirrorRow *
ac_mirror_row_new (const AcJsonSlice *action, GError **error)
{
  g_autoptr (AcMirrorRow) row = g_new0 (AcMirrorRow, 1);
  AcJsonSlice entity = { NULL, 0 };
  AcJsonSlice name;
  AcJsonSlice value;
  AcJsonWalk walk;
  char *folded;

  row->body = *action;
  row->version = G_MININT64;
  row->created_at = AC_TIME_NONE;
  row->updated_at = AC_TIME_NONE;
  row->expires_at = G_MAXINT64;
  row->assets = g_ptr_array_new_with_free_func (g_free);
  row->text = g_string_sized_new (512);
  ac_json_walk_object (&walk, action);
  while (ac_json_walk_member (&walk, &name, &value))
    if (!read_member (row, &name, &value, &entity, error))
      return NULL;
  if (walk.broken)
    {
      refuse (error, "{}");
      return NULL;
    }
  if (!is_complete (row, error))
    return NULL;
  if (row->details == NULL)
    row->details = g_strdup ("");

  g_string_append (row->text, row->id);
  for (guint i = 0; i < row->assets->len; i++)
    g_string_append_printf (row->text, "\n%s", (char *)row->assets->pdata[i]);
  add_words (row, &entity);
  folded = ac_search_text_fold (row->text->str);
  g_string_assign (row->text, folded);
  g_free (folded);
  return g_steal_pointer (&row);
}

void
ac_mirror_row_free (AcMirrorRow *row)
{
  if (row == NULL)
    return;
  g_free (row->id);
  g_free (row->status);
  g_free (row->type);
  g_free (row->verdict);
  g_free (row->source);
  g_free (row->entity_type);
  g_free (row->details);
  g_free (row->decided_by);
  g_free (row->decision);
  g_free (row->investigation_id);
  g_free (row->operation_id);
  g_ptr_array_unref (row->assets);
  g_string_free (row->text, TRUE);
  g_free (row);
}
