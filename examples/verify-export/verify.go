// Checks an audit export with nothing of Countersign's: golang.org/x/mod/sumdb does the notes, the hashes and the proofs.
//
//	go run verify.go -dir EXPORT -vkey FILE [-checkpoint OLD] [-receipt FILE -record FILE]
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type head struct {
	origin string
	tlog.Tree
}

func main() {
	dir := flag.String("dir", ".", "the export")
	vkey := flag.String("vkey", "", "file with the verifier key you trust")
	old := flag.String("checkpoint", "", "a checkpoint you hold")
	receipt := flag.String("receipt", "", "a .tlog-proof")
	record := flag.String("record", "", "the bytes the receipt is for")
	flag.Parse()
	if err := run(*dir, *vkey, *old, *receipt, *record); err != nil {
		fmt.Fprintln(os.Stderr, "FAIL:", err)
		os.Exit(1)
	}
}

func run(dir, vkeyFile, oldFile, receiptFile, recordFile string) error {
	vkey, err := os.ReadFile(vkeyFile)
	if err != nil {
		return err
	}
	verifier, err := note.NewVerifier(strings.TrimSpace(string(vkey)))
	if err != nil {
		return err
	}
	known, err := trust(dir, verifier)
	if err != nil {
		return err
	}
	now, err := openFile(filepath.Join(dir, "checkpoint"), known)
	if err != nil {
		return err
	}
	entries, err := readEntries(dir, now.N)
	if err != nil {
		return err
	}
	hashes, err := rebuild(entries, now.Tree)
	if err != nil {
		return err
	}
	for i, entry := range entries {
		proof, err := tlog.ProveRecord(now.N, int64(i), hashes)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, now.N, now.Hash, int64(i), tlog.RecordHash(entry)); err != nil {
			return fmt.Errorf("record %d: %w", i, err)
		}
	}
	if oldFile != "" {
		before, err := openFile(oldFile, known)
		if err != nil {
			return err
		}
		if err := checkConsistency(before, now, hashes); err != nil {
			return err
		}
	}
	if receiptFile != "" {
		if err := checkReceipt(receiptFile, recordFile, known); err != nil {
			return err
		}
	}
	fmt.Printf("OK %s: %d records\n", now.origin, now.N)
	return nil
}

// trust gives the key you hold and those its rotations lead to: each rotation is a note that both its keys signed.
func trust(dir string, held note.Verifier) ([]note.Verifier, error) {
	known := []note.Verifier{held}
	names, err := filepath.Glob(filepath.Join(dir, "rotations", "*"))
	if err != nil {
		return nil, err
	}
	has := func(v note.Verifier) bool {
		for _, k := range known {
			if k.Name() == v.Name() && k.KeyHash() == v.KeyHash() {
				return true
			}
		}
		return false
	}
	for grew := true; grew; {
		grew = false
		for _, path := range names {
			data, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			lines := strings.Split(string(data), "\n")
			if len(lines) < 5 || lines[0] != "countersign key rotation v1" {
				return nil, fmt.Errorf("%s is not a key rotation", path)
			}
			from, err := note.NewVerifier(lines[3])
			if err != nil {
				return nil, err
			}
			to, err := note.NewVerifier(lines[4])
			if err != nil {
				return nil, err
			}
			if signed, err := note.Open(data, note.VerifierList(from, to)); err != nil || len(signed.Sigs) != 2 {
				return nil, fmt.Errorf("%s is not signed by both keys", path)
			}
			if has(from) != has(to) {
				if has(from) {
					known = append(known, to)
				} else {
					known = append(known, from)
				}
				grew = true
			}
		}
	}
	return known, nil
}

func openFile(path string, known []note.Verifier) (head, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return head{}, err
	}
	return openHead(data, known)
}

func openHead(data []byte, known []note.Verifier) (head, error) {
	signed, err := note.Open(data, note.VerifierList(known...))
	if err != nil {
		return head{}, err
	}
	lines := strings.Split(signed.Text, "\n")
	if len(lines) < 4 || lines[0] != known[0].Name() {
		return head{}, errors.New("not a checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return head{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return head{}, err
	}
	return head{lines[0], tlog.Tree{N: size, Hash: root}}, nil
}

// name gives the path of tile or bundle n below its level's folder (C2SP tlog-tiles).
func name(n, width int64) string {
	path := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		path = fmt.Sprintf("x%03d/%s", n%1000, path)
	}
	if width < 256 {
		path += fmt.Sprintf(".p/%d", width)
	}
	return path
}

func readEntries(dir string, size int64) ([][]byte, error) {
	var entries [][]byte
	for n := int64(0); n*256 < size; n++ {
		width := size - n*256
		if width > 256 {
			width = 256
		}
		bundle, err := os.ReadFile(filepath.Join(dir, "tile/entries", name(n, width)))
		if err != nil {
			return nil, err
		}
		leaves, err := os.ReadFile(filepath.Join(dir, "tile/0", name(n, width)))
		if err != nil {
			return nil, err
		}
		for len(bundle) >= 2 {
			length := int(binary.BigEndian.Uint16(bundle))
			if len(bundle) < 2+length {
				return nil, fmt.Errorf("bundle %d breaks off", n)
			}
			entry := bundle[2 : 2+length]
			hash := tlog.RecordHash(entry)
			at := (int64(len(entries)) - n*256) * 32
			if at+32 > int64(len(leaves)) || !bytes.Equal(hash[:], leaves[at:at+32]) {
				return nil, fmt.Errorf("record %d is not the one in the leaf tile", len(entries))
			}
			entries = append(entries, entry)
			bundle = bundle[2+length:]
		}
		if len(bundle) != 0 {
			return nil, fmt.Errorf("bundle %d breaks off", n)
		}
	}
	if int64(len(entries)) != size {
		return nil, fmt.Errorf("%d records, the checkpoint says %d", len(entries), size)
	}
	return entries, nil
}

func rebuild(entries [][]byte, want tlog.Tree) (tlog.HashReader, error) {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var found []tlog.Hash
		for _, i := range indexes {
			found = append(found, stored[i])
		}
		return found, nil
	})
	for i, entry := range entries {
		more, err := tlog.StoredHashes(int64(i), entry, reader)
		if err != nil {
			return nil, err
		}
		stored = append(stored, more...)
	}
	root, err := tlog.TreeHash(want.N, reader)
	if err != nil {
		return nil, err
	}
	if root != want.Hash {
		return nil, errors.New("the records do not give the signed root")
	}
	return reader, nil
}

func checkConsistency(before, now head, hashes tlog.HashReader) error {
	if before.N > now.N {
		return fmt.Errorf("the checkpoint you hold covers %d records, the export has %d", before.N, now.N)
	}
	proof, err := tlog.ProveTree(now.N, before.N, hashes)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, now.N, now.Hash, before.N, before.Hash)
}

func checkReceipt(receiptFile, recordFile string, known []note.Verifier) error {
	text, err := os.ReadFile(receiptFile)
	if err != nil {
		return err
	}
	record, err := os.ReadFile(recordFile)
	if err != nil {
		return err
	}
	parts := bytes.SplitN(text, []byte("\n\n"), 2)
	lines := strings.Split(string(parts[0]), "\n")
	if len(parts) != 2 || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return errors.New("not a tlog-proof")
	}
	if strings.HasPrefix(lines[1], "extra ") {
		lines = lines[1:]
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil {
		return err
	}
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		raw, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(raw) != 32 {
			return errors.New("a hash of the receipt is damaged")
		}
		proof = append(proof, *(*tlog.Hash)(raw))
	}
	at, err := openHead(parts[1], known)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, at.N, at.Hash, index, tlog.RecordHash(record))
}
